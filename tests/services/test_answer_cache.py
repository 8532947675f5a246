import threading

from app.services.answer_cache import AnswerCache


def cache(max_bytes: int = 4_000, release: str = "1.0.0") -> AnswerCache:
    return AnswerCache(max_bytes=max_bytes, release=release)


class TestKey:
    def test_does_not_depend_on_the_order_of_keys(self) -> None:
        one = [[{"a": 1, "b": {"c": None, "d": "x"}}], {"seed": 1}]
        other = [[{"b": {"d": "x", "c": None}, "a": 1}], {"seed": 1}]
        assert cache().key(one) == cache().key(other)

    def test_depends_on_the_order_of_records_and_on_every_value(self) -> None:
        keys = {
            cache().key(question)
            for question in ([{"a": 1}, {"a": 2}], [{"a": 2}, {"a": 1}], [{"a": 1}, {"a": "2"}])
        }
        assert len(keys) == 3

    def test_of_another_release_is_another(self) -> None:
        assert cache(release="1.0.0").key([1]) != cache(release="1.0.1").key([1])


class TestKeeping:
    def test_an_answer_comes_back_to_its_owner_alone(self) -> None:
        kept = cache()
        kept.put(1, "key", b"answer")
        assert kept.get(1, "key") == b"answer"
        assert kept.get(2, "key") is None

    def test_the_oldest_used_go_when_an_owner_has_too_many_bytes(self) -> None:
        kept = cache(4_000)
        for name in ("first", "second"):
            kept.put(1, name, b"x" * 400)
        assert kept.get(1, "first") is not None
        kept.put(1, "third", b"x" * 400)
        assert kept.get(1, "second") is None
        assert kept.get(1, "first") is not None
        assert kept.get(1, "third") is not None

    def test_one_owner_does_not_drive_out_another(self) -> None:
        kept = cache(4_000)
        kept.put(1, "mine", b"x" * 900)
        for i in range(50):
            kept.put(2, f"{i}", b"x" * 900)
        assert kept.get(1, "mine") is not None

    def test_all_owners_together_stay_within_the_bytes(self) -> None:
        kept = cache(4_000)
        for owner in range(10):
            kept.put(owner, "key", b"x" * 1_000)
        held = [owner for owner in range(10) if kept.get(owner, "key") is not None]
        assert held == [6, 7, 8, 9]

    def test_an_answer_larger_than_an_owners_part_is_not_kept(self) -> None:
        kept = cache(4_000)
        kept.put(1, "small", b"x")
        kept.put(1, "key", b"x" * 1_001)
        assert kept.get(1, "key") is None
        assert kept.get(1, "small") is not None

    def test_many_threads_leave_it_within_its_bounds(self) -> None:
        kept = cache(4_000)

        def work(owner: int) -> None:
            for i in range(200):
                kept.put(owner, f"{i % 7}", b"x" * (100 + i))
                kept.get(owner, f"{i % 5}")

        threads = [threading.Thread(target=work, args=(owner,)) for owner in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        total = sum(len(kept.get(owner, f"{i}") or b"") for owner in range(6) for i in range(7))
        assert 0 < total <= 4_000


class TestBodies:
    def test_an_answer_is_found_by_the_last_bytes_that_asked_by_its_owner_alone(self) -> None:
        kept = cache()
        kept.put(1, "key", b"answer")
        kept.name_by_body(1, "key", b"first")
        assert kept.get_by_body(1, b"first") == b"answer"
        assert kept.get_by_body(2, b"first") is None
        kept.name_by_body(1, "key", b"second")
        assert kept.get_by_body(1, b"first") is None
        assert kept.get_by_body(1, b"second") == b"answer"

    def test_bytes_are_forgotten_with_the_answer(self) -> None:
        kept = cache(4_000)
        kept.name_by_body(1, "never kept", b"nothing")
        assert kept.get_by_body(1, b"nothing") is None
        kept.put(1, "old", b"x" * 900)
        kept.name_by_body(1, "old", b"body")
        kept.put(1, "new", b"y" * 900)
        assert kept.get_by_body(1, b"body") is None
        kept.put(1, "old", b"z" * 10)
        assert kept.get_by_body(1, b"body") is None
