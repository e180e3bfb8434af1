from __future__ import annotations

from random import Random

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest import resolve
from ingest.normalise import address, name

FULL = "浙江省杭州市西湖区文三路478号3栋1203室"


def frame(*texts: str) -> pl.DataFrame:
    read = address.parse_many(pl.Series(texts, dtype=pl.String))
    known = pl.when(pl.col("key") != "").then("key").otherwise("text")
    return read.with_columns(known.alias("id")).unique("id", maintain_order=True)


def names(*texts: str) -> pl.DataFrame:
    read = [name.parse(text) for text in texts]
    return pl.DataFrame(
        {
            "id": [n.key for n in read],
            "canonical": [n.canonical for n in read],
            "key": [n.key for n in read],
            "kind": [n.kind for n in read],
        }
    ).unique("id", maintain_order=True)


def test_a_missing_county_with_equal_numbers_merges_into_the_fuller_text() -> None:
    found = frame(FULL, FULL.replace("西湖区", ""))
    assert resolve.merges(found).rows() == [
        (address.parse(FULL.replace("西湖区", "")).key, address.parse(FULL).key)
    ]


def test_a_romanised_address_merges_into_the_chinese_one() -> None:
    found = frame(FULL, "Room 1203, Building 3, No. 478 Wensan Rd, Xihu District, Hangzhou")
    assert resolve.merges(found)["kept"].to_list() == [address.parse(FULL).key]


def test_other_numbers_are_neither_similar_nor_merged() -> None:
    found = frame(FULL, FULL.replace("478", "487"), FULL.replace("1203", "1204"), FULL.replace("3栋", "5栋"))
    assert resolve.similar(found).is_empty()
    assert resolve.merges(found).is_empty()


def test_the_uncertain_middle_is_similar_but_never_merged() -> None:
    found = frame("浙江省杭州市西湖区文三路478号", "浙江省杭州市西湖区闻三路478号", "浙江省杭州市文三路478号")
    pairs = resolve.similar(found)
    assert pairs.height == 3
    assert pairs["probability"].is_between(resolve.SIMILAR, resolve.MERGE, closed="left").all()
    assert resolve.merges(found).is_empty()


def test_what_fits_two_places_stays_as_it_is() -> None:
    vague = "江苏省南京市人民路12号3栋302室"
    found = frame(vague, "江苏省南京市鼓楼区人民路12号3栋302室", "江苏省南京市江宁区人民路12号3栋302室")
    assert resolve.merges(found).is_empty()
    assert resolve.similar(found).height == 2


@given(st.randoms(use_true_random=False))
@settings(max_examples=25)
def test_the_order_of_rows_does_not_matter(random: Random) -> None:
    texts = [
        f"{area}{street}{number}号{building}栋302室"
        for area in ("浙江省杭州市西湖区", "浙江省杭州市", "浙江省杭州市拱墅区", "")
        for street in ("文三路", "闻三路", "人民路")
        for number in (7, 12)
        for building in (1, 3)
    ]
    shuffled = list(texts)
    random.shuffle(shuffled)
    one, other = frame(*texts), frame(*shuffled)
    assert resolve.similar(one).height
    assert resolve.similar(one).equals(resolve.similar(other))
    assert resolve.merges(one).equals(resolve.merges(other))


def test_large_blocks_stay_bounded() -> None:
    texts = [f"浙江省杭州市西湖区文三路478号{n}栋" for n in range(1, 400)]
    assert resolve.similar(frame(*texts)).is_empty()


def test_merges_do_not_chain() -> None:
    found = frame(*(FULL.replace("西湖区", area) for area in ("西湖区", "", "拱墅区")))
    kept = set(resolve.merges(found)["kept"])
    assert kept.isdisjoint(resolve.merges(found)["old"])


def test_firms_and_persons() -> None:
    found = names(
        "杭州云帆电子商务有限公司",
        "杭州云凡电子商务有限公司",
        "上海云帆电子商务有限公司",
        "张伟",
        "章伟",
        "Zhang Wei",
    )
    pairs = {frozenset(row) for row in resolve.similar_names(found).select("a", "b").iter_rows()}
    assert frozenset({"杭州云帆电子商务", "杭州云凡电子商务"}) in pairs
    assert frozenset({"杭州云帆电子商务", "上海云帆电子商务"}) not in pairs
    assert resolve.merges_names(found).is_empty()


def test_nothing_in_nothing_out() -> None:
    assert resolve.similar(frame()).schema == resolve.PAIRS
    assert resolve.merges(frame()).schema == resolve.MERGES


@given(st.lists(st.lists(st.sampled_from("abc"), max_size=3), max_size=12), st.randoms(use_true_random=False))
def test_candidates_are_the_pairs_that_share_a_block(blocks: list[list[str]], chance: Random) -> None:
    ids = [f"i{n}" for n in range(len(blocks))]
    chance.shuffle(ids)
    values = pl.DataFrame({"block": pl.Series(blocks, dtype=pl.List(pl.String))})
    found = resolve._candidates(
        pl.Series("id", ids, dtype=pl.String), values, lambda rows: resolve._hashed(rows["block"].to_list())
    )
    assert set(found.rows()) == {
        tuple(sorted((a, b), key=ids.__getitem__))
        for a in range(len(ids))
        for b in range(a)
        if set(blocks[a]) & set(blocks[b])
    }
    assert found.height == found.unique().height


def test_a_large_block_is_walked_with_a_window() -> None:
    many = resolve.BLOCK + 1
    ids = pl.Series("id", [f"i{n:03d}" for n in range(many)])
    found = resolve._candidates(
        ids, pl.DataFrame({"x": range(many)}), lambda rows: resolve._hashed([["one"]] * rows.height)
    )
    assert set(found.rows()) == {
        (a, b) for a in range(many) for b in range(a + 1, min(a + 1 + resolve.WINDOW, many))
    }
