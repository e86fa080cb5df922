from gateway.eval.sides import Found
from gateway.eval.speed import paces


def test_sides_take_turns_and_are_compared() -> None:
    asked: list[str] = []

    def worker(name: str, rounds: int) -> object:
        def side(_: object) -> list[Found]:
            asked.append(name)
            return [Found(0, sum(range(rounds)) and 1, "PERSON")]

        return side

    texts = [["one two", " three"]] * 40
    slow, fast = paces("work", [("slow", worker("slow", 30_000)), ("fast", worker("fast", 1_000))], texts)  # type: ignore[list-item]

    assert asked.count("slow") == asked.count("fast") == 50
    assert asked[20:60] == ["fast"] * 10 + ["slow"] * 10 + ["slow"] * 10 + ["fast"] * 10
    assert slow.kind == fast.kind == "work"
    assert slow.ratio < 1
    assert fast.ratio == 1
    assert fast.characters > slow.characters
    assert round(slow.characters / slow.words, 3) == round(13 / 3, 3)
