"""Second readings by the batch API: parked like the rewrite, stored, and paid at half the price."""

from __future__ import annotations

import json

import pytest

from examples.editor import ANSWERS
from tests.provider import Provider
from tests.queue.batch_api.conftest import Post

GOOD = (ANSWERS / "harbor-ferries.json").read_text(encoding="utf-8").replace("240 ", "1000 ")
OVERVIEW = json.loads(GOOD)["overview"]
REPAIRED = {"content": json.dumps({"overview": OVERVIEW})}


def _reading(*words: str, r: int = 2) -> dict[str, str]:
    """A report of faults in the overview's first sentence, which follows the headline."""
    usual = {"r": r, "kind": "subject", "s": [1], "verdict": "contradicted", "why": "no", "fix": ""}
    return {"content": json.dumps({"faults": [usual | {"words": w, "sure": 90} for w in words]})}


async def test_a_reading_awaits_a_batch_of_its_own_at_half_the_price(post: Post) -> None:
    post.set(reader="on")
    await post.submit(3)
    seen = await post.run()
    assert (seen.published, seen.state) == (3, "done")
    assert [len(one) for one in post.provider.desk.requests] == [3, 3]
    assert post.provider.answered == ["batch"] * 6
    price = post.settings.price_list["gpt-4.1-mini"]
    assert seen.cost == pytest.approx(price.cost(seen.input_tokens, seen.output_tokens) / 2, 1e-3)


async def test_a_fault_is_repaired_directly_and_read_again_by_a_batch(post: Post) -> None:
    post.set(reader="on")
    first = " ".join(OVERVIEW.split()[:3])
    post.provider.script_batches([{"content": GOOD}, _reading(first), _reading()])
    post.provider.script([REPAIRED])
    await post.submit(1)
    seen = await post.run()
    assert seen.published == 1
    assert post.provider.answered == ["batch", "batch", "scripted", "batch"]
    last = post.provider.calls[-1].body["messages"][-1]["content"]
    assert "[overview]" in last
    assert "[details]" not in last


async def test_what_stays_wrong_is_held(post: Post) -> None:
    post.set(reader="on")
    first = " ".join(OVERVIEW.split()[:3])
    again = _reading(first, r=1)  # where the overview is all that is read
    post.provider.script_batches([{"content": GOOD}, _reading(first), again])
    post.provider.script([REPAIRED])
    await post.submit(1)
    assert (await post.run()).held == 1


async def test_a_reader_of_another_provider_is_asked_directly(post: Post) -> None:
    with Provider() as reader:
        post.set(reader="on", reader_base_url=reader.base_url, reader_model="other")
        await post.submit(1)
        seen = await post.run()
        assert seen.published == 1
        assert [call.body["model"] for call in reader.calls] == ["other"]
    assert post.provider.answered == ["batch"]
