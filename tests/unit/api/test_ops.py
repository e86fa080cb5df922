from gateway.api.ops import ops_routes


def test_three_routes_are_made() -> None:
    made = ops_routes(None, {})  # type: ignore[arg-type]

    assert sorted(path for route in made for path in route.paths) == ["/health/live", "/health/ready", "/metrics"]
