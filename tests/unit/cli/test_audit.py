import pytest

from gateway.cli.main import main


@pytest.mark.parametrize(
    ("options", "named"),
    [
        (["--since", "yesterday"], "--since"),
        (["--until", "2026-01-01T00:00:00"], "--until"),
        (["--since", "0001-01-01T00:00:00+14:00"], "--since"),
        (["--exchange", "x"], "--exchange"),
        (["--limit", "0"], "--limit"),
        (["--before", "99999999999999999999"], "--before"),
        (["--before", "0"], "--before"),
        (["--since", "9999-12-31T23:59:59-14:00"], "--since"),
    ],
)
def test_an_unusable_filter_is_named(capsys: pytest.CaptureFixture[str], options: list[str], named: str) -> None:
    assert main(["audit", "query", *options]) == 2
    assert named in capsys.readouterr().err


def test_an_unknown_action_is_a_usage_error() -> None:
    with pytest.raises(SystemExit) as raised:
        main(["audit", "query", "--action", "exchange.opened"])

    assert raised.value.code == 2
