from refsync.classify.explain import MAX_REASONS, reasons

TEXT = "Image segmentation with graph cuts: a novel bag of the words review of Schrödinger bridges"


def test_no_reason_is_part_of_another() -> None:
    assert reasons(["image segmentation", "image", "segmentation", "cuts"], TEXT) == ("image segmentation", "cuts")


def test_word_forms_are_one_reason() -> None:
    assert reasons(["image", "images", "bridges"], TEXT) == ("image", "bridges")
    assert reasons(["learning", "learn", "learned", "bed", "beds"], "we learn, learning, learned bed beds") == (
        "learning",
        "bed",
    )


def test_a_pair_is_given_as_the_text_writes_it() -> None:
    assert reasons(["bag words"], TEXT) == ("bag of the words",)


def test_a_pair_that_the_text_lacks_is_left_out() -> None:
    assert reasons(["graph bridges", "bridges"], TEXT) == ("bridges",)


def test_folded_words_get_their_accents_back() -> None:
    assert reasons(["schrodinger"], TEXT) == ("schrödinger",)


def test_a_word_is_not_matched_inside_another() -> None:
    assert reasons(["art", "gallery"], "The gallery article") == ("gallery",)
    assert reasons(["rat"], "The ratio is not that of a rat") == ("rat",)
    assert reasons(["ray tracing"], "Array tracing, and ray-tracing") == ("ray-tracing",)


def test_single_letters_are_no_reasons() -> None:
    assert reasons(["k", "cuts"], TEXT) == ("cuts",)


def test_there_are_at_most_five_reasons() -> None:
    many = [f"word{number}" for number in range(9)]
    assert len(reasons(many, " ".join(many))) == MAX_REASONS


def test_generic_words_alone_are_no_reasons() -> None:
    text = "Extensive experiments show that our novel segmentation network outperforms the state of the art"
    assert reasons(["extensive experiments", "state art", "novel", "segmentation", "network outperforms"], text) == (
        "segmentation",
        "network outperforms",
    )
