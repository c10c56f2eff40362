from refsync.classify.explain import COUNT, reasons

TEXT = "Image segmentation with graph cuts: a novel bag of the words review of Schrödinger bridges"


def test_no_reason_stands_within_another() -> None:
    assert reasons(["image segmentation", "image", "segmentation", "cuts"], TEXT) == ("image segmentation", "cuts")


def test_a_plural_is_no_further_reason() -> None:
    assert reasons(["image", "images", "bridges"], TEXT) == ("image", "bridges")
    assert reasons(["learning", "learn", "learned", "bed", "beds"], "we learn, learning, learned bed beds") == (
        "learning",
        "bed",
    )


def test_a_pair_is_given_as_it_stands_in_the_text() -> None:
    assert reasons(["bag words"], TEXT) == ("bag of the words",)


def test_a_pair_that_cannot_be_found_is_left_out() -> None:
    assert reasons(["graph bridges", "bridges"], TEXT) == ("bridges",)


def test_folded_words_come_back_with_their_accents() -> None:
    assert reasons(["schrodinger"], TEXT) == ("schrödinger",)


def test_a_word_is_not_taken_from_within_another() -> None:
    assert reasons(["art", "gallery"], "The gallery article") == ("gallery",)
    assert reasons(["rat"], "The ratio is not that of a rat") == ("rat",)
    assert reasons(["ray tracing"], "Array tracing, and ray-tracing") == ("ray-tracing",)


def test_single_letters_are_no_reasons() -> None:
    assert reasons(["k", "cuts"], TEXT) == ("cuts",)


def test_at_most_five() -> None:
    many = [f"word{number}" for number in range(9)]
    assert len(reasons(many, " ".join(many))) == COUNT


def test_words_of_any_paper_are_no_reasons_alone() -> None:
    text = "Extensive experiments show that our novel segmentation network outperforms the state of the art"
    assert reasons(["extensive experiments", "state art", "novel", "segmentation", "network outperforms"], text) == (
        "segmentation",
        "network outperforms",
    )
