"""Papers that the services of these tests know, and a record that one of them completes."""

from typing import Any

from tests.services_server import Paper

KELP = Paper(
    "Kelp Forests Grow in the Noise of Tides", ["Roe, Ann", "Doe, Jane"], 2020, "10.5555/kelp.1",
    journal="Journal of Kelp Studies", volume="7", number="2", pages="1-9",
    abstract="We listen to kelp forests for a year and find that they grow where the tides are loud and dark.",
)  # fmt: skip
MOSS = Paper(
    "Moss on Northern Walls", ["Müller, Jörg", "Harbour Group"], 2021, "10.5555/moss.2",
    book="Proceedings of the Moss Conference", pages="11-19", at=("openalex",),
)  # fmt: skip
WHALE = Paper(
    "Learning to Hear Whales Across Harbours", ["Poe, Pat"], 2024, "10.5555/whale.3", "2301.00001",
    journal="Annals of Whales", volume="3", pages="5-6",
)  # fmt: skip
LIGHT = Paper("Sleepless Lighthouses and their Keepers", ["Poe, Pat"], 2019, arxiv="1901.00002")
PAPERS = [KELP, MOSS, WHALE, LIGHT]
TITLED = "@article{a, title = {Kelp Forests Grow in the Noise of Tides}, author = {Roe, Ann and Doe, Jane}}"


def values(result: dict[str, Any], state: str = "accepted") -> dict[str, str]:
    return {fill["field"]: fill["value"] for fill in result["fills"] if fill["state"] == state}
