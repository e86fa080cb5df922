from gateway.api.models import model_routes


def test_two_routes_are_made() -> None:
    made = model_routes(None, None)  # type: ignore[arg-type]

    assert sorted(path for route in made for path in route.paths) == ["/v1/models", "/v1/models/{name:path}"]
