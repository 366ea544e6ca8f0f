using CleanRoom.Protocol.Ledger;
using CleanRoom.Protocol.Tests.Samples;

namespace CleanRoom.Protocol.Tests.Ledger;

public sealed class CheckpointNoteTests
{
    private const string Origin = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
    private static readonly Checkpoint _checkpoint = new(Origin, 7, Digest.Of("root"u8));
    private static readonly Bytes _key = TestKeys.Ed25519Public("log");
    private static readonly string _note = Sign(_checkpoint, "log");
    private static readonly Timestamp _time = Timestamp.From(new DateTimeOffset(2026, 1, 31, 8, 0, 0, 250, TimeSpan.Zero));

    [Fact]
    public void Verify_of_a_built_note_returns_the_checkpoint() => Verify(_note).Value.Should().Be(_checkpoint);

    [Fact]
    public void Verify_of_a_note_by_another_key_is_refused() =>
        Verify(Sign(_checkpoint, "other")).Refusals.Should().ContainSingle().Which.Code.Should().Be(RefusalCode.SignatureMissing);

    [Fact]
    public void Verify_of_a_note_by_another_key_under_this_keys_hash_is_refused()
    {
        var line = SignedNote.Parse(Sign(_checkpoint, "other")).Value.Signatures[0];
        var forged = SignedNote.Create(_checkpoint.Text, [line with { KeyHash = SignedNote.Parse(_note).Value.Signatures[0].KeyHash }]);

        Verify(forged.ToString()).Refusals.Should().ContainSingle().Which.Code.Should().Be(RefusalCode.SignatureInvalid);
    }

    [Fact]
    public void Verify_of_a_changed_size_is_refused() =>
        Verify(_note.Replace("\n7\n", "\n8\n", StringComparison.Ordinal))
            .Refusals.Should().ContainSingle().Which.Code.Should().Be(RefusalCode.SignatureInvalid);

    [Fact]
    public void Verify_of_another_origin_in_a_note_by_this_key_is_refused()
    {
        var key = new NoteVerifierKey(Origin, NoteKeyType.Ed25519, _key.Span);
        var text = (_checkpoint with { Origin = "another" }).Text;
        var signature = TestKeys.Ed25519Signer("log")(System.Text.Encoding.UTF8.GetBytes(text));
        var note = SignedNote.Create(text, [new NoteSignature(Origin, key.Hash, new Bytes(signature))]).ToString();

        Verify(note).Refusals.Should().ContainSingle().Which.Code.Should().Be(RefusalCode.CheckpointInvalid);
    }

    [Fact]
    public void Build_with_a_key_of_another_name_is_a_bug_of_the_caller() =>
        FluentActions.Invoking(() => CheckpointNote.Build(
            _checkpoint, new NoteVerifierKey("another", NoteKeyType.Ed25519, _key.Span), TestKeys.Ed25519Signer("log"))).Should().Throw<ArgumentException>();

    [Theory]
    [InlineData("o\n7\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n", true)]
    [InlineData("o\n0\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n", true)]
    [InlineData("o\n07\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n", false)]
    [InlineData("o\n+7\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n", false)]
    [InlineData("o\n-7\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n", false)]
    [InlineData("o\n 7\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n", false)]
    [InlineData("o\n9007199254740992\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n", false)]
    [InlineData("o\n7\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB=\n", false)]
    [InlineData("o\n7\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==\n", false)]
    [InlineData("o\n7\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", false)]
    [InlineData("o\n7\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\nextension\n", false)]
    [InlineData("\n7\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n", false)]
    [InlineData("o o\n7\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n", false)]
    public void Parse_takes_one_form_alone(string text, bool isAccepted) => Checkpoint.Parse(text).IsAccepted.Should().Be(isAccepted);

    [Fact]
    public void Cosignature_of_an_added_line_returns_its_time()
    {
        var note = Cosign(_note, "registry/ada", _time);

        Cosignature.Verify(note, "registry/ada", TestKeys.Ed25519Public("registry/ada").Span, TestVerifier.Instance)
            .Value.ToString().Should().Be("2026-01-31T08:00:00.000Z");
        Verify(note).Value.Should().Be(_checkpoint);
    }

    [Fact]
    public void Cosignature_by_two_witnesses_stands_for_each()
    {
        var note = Cosign(Cosign(_note, "registry/ada", _time), "laboratory/bob", _time.Plus(TimeSpan.FromSeconds(1)));

        foreach (var witness in new[] { "registry/ada", "laboratory/bob" })
        {
            Cosignature.Verify(note, witness, TestKeys.Ed25519Public(witness).Span, TestVerifier.Instance).IsAccepted.Should().BeTrue();
        }
    }

    [Fact]
    public void Cosignature_made_again_replaces_the_older_one()
    {
        var note = Cosign(Cosign(_note, "registry/ada", _time), "registry/ada", _time.Plus(TimeSpan.FromMinutes(1)));

        SignedNote.Parse(note).Value.Signatures.Should().HaveCount(2);
        Cosignature.Verify(note, "registry/ada", TestKeys.Ed25519Public("registry/ada").Span, TestVerifier.Instance)
            .Value.ToString().Should().Be("2026-01-31T08:01:00.000Z");
    }

    [Fact]
    public void Cosignature_moved_to_another_checkpoint_is_refused()
    {
        var line = SignedNote.Parse(Cosign(_note, "registry/ada", _time)).Value.Signatures[1];
        var other = SignedNote.Parse(Sign(_checkpoint with { Size = 8 }, "log")).Value.With(line).ToString();

        Cosignature.Verify(other, "registry/ada", TestKeys.Ed25519Public("registry/ada").Span, TestVerifier.Instance)
            .Refusals.Should().ContainSingle().Which.Code.Should().Be(RefusalCode.SignatureInvalid);
    }

    [Fact]
    public void Cosignature_with_another_time_is_refused()
    {
        var note = SignedNote.Parse(Cosign(_note, "registry/ada", _time)).Value;
        var blob = note.Signatures[1].Signature.ToArray();
        blob[7]++;

        Cosignature.Verify(
            note.With(note.Signatures[1] with { Signature = new Bytes(blob) }).ToString(),
            "registry/ada",
            TestKeys.Ed25519Public("registry/ada").Span,
            TestVerifier.Instance).Refusals.Should().ContainSingle().Which.Code.Should().Be(RefusalCode.SignatureInvalid);
    }

    [Fact]
    public void Cosignature_with_a_time_beyond_the_calendar_is_refused()
    {
        var note = SignedNote.Parse(Cosign(_note, "registry/ada", _time)).Value;
        var blob = note.Signatures[1].Signature.ToArray();
        Array.Fill(blob, byte.MaxValue, 0, 8);

        Cosignature.Verify(
            note.With(note.Signatures[1] with { Signature = new Bytes(blob) }).ToString(),
            "registry/ada",
            TestKeys.Ed25519Public("registry/ada").Span,
            TestVerifier.Instance).IsAccepted.Should().BeFalse();
    }

    [Fact]
    public void Cosignature_by_no_witness_is_missing() =>
        Cosignature.Verify(_note, "registry/ada", TestKeys.Ed25519Public("registry/ada").Span, TestVerifier.Instance)
            .Refusals.Should().ContainSingle().Which.Code.Should().Be(RefusalCode.SignatureMissing);

    [Fact]
    public void Cosignature_never_stands_for_the_logs_own_signature()
    {
        // The same key as witness: its line signs other bytes and has another key hash.
        var cosigned = SignedNote.Parse(Cosignature.Add(_note, Origin, _key.ToArray(), _time, TestKeys.Ed25519Signer("log"))).Value;
        var note = SignedNote.Create(cosigned.Text, [cosigned.Signatures[1]]).ToString();

        Verify(note).Refusals.Should().ContainSingle().Which.Code.Should().Be(RefusalCode.SignatureMissing);
    }

    [Fact]
    public void Add_to_a_text_that_is_no_note_is_a_bug_of_the_caller() =>
        FluentActions.Invoking(() => Cosign("text\n", "registry/ada", _time)).Should().Throw<ArgumentException>();

    private static Result<Checkpoint> Verify(string note) => CheckpointNote.Verify(note, Origin, _key.Span, TestVerifier.Instance);

    private static string Sign(Checkpoint checkpoint, string keyName) => CheckpointNote.Build(
        checkpoint,
        new NoteVerifierKey(checkpoint.Origin, NoteKeyType.Ed25519, TestKeys.Ed25519Public(keyName).Span),
        TestKeys.Ed25519Signer(keyName));

    private static string Cosign(string note, string witness, Timestamp time) =>
        Cosignature.Add(note, witness, TestKeys.Ed25519Public(witness).ToArray(), time, TestKeys.Ed25519Signer(witness));
}
