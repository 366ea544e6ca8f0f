using System.Text.Json;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Dsse;
using CleanRoom.Protocol.Ledger;
using CleanRoom.Protocol.Tests.Samples;

namespace CleanRoom.Protocol.Tests.Publication;

/// <summary>Runs <c>contracts/vectors/documents</c> as another implementation would: from the files alone.</summary>
public sealed class DocumentVectorTests
{
    private static readonly JsonElement _index = CommittedFiles.Json("vectors", "documents", "index.json");

    public static TheoryData<string> Documents => Files("documents");

    public static TheoryData<string> Refused => Files("refused");

    [Theory]
    [MemberData(nameof(Documents))]
    public void Document_has_its_type_digest_and_schema(string file)
    {
        var entry = Entry("documents", file);
        var utf8 = Read(file);

        var document = DocumentCodec.Parse(utf8).Value;

        DocumentCodec.TypeOf(document).Should().Be(entry.GetProperty("type").GetString());
        DocumentCodec.PayloadTypeOf(document).Should().Be(entry.GetProperty("payloadType").GetString());
        Digest.Of(utf8).ToString().Should().Be(entry.GetProperty("digest").GetString());
        DocumentCodec.Encode(document).Should().Equal(utf8);
        ShouldFitSchema(file.Replace(".json", "", StringComparison.Ordinal), utf8);
    }

    [Fact]
    public void Receipt_has_its_digest_and_schema()
    {
        var utf8 = Read("receipt.json");

        DocumentCodec.DigestOf(DocumentCodec.ParseReceipt(utf8).Value).ToString()
            .Should().Be(Entry("receipts", "receipt.json").GetProperty("digest").GetString());
        ShouldFitSchema("receipt", utf8);
    }

    [Theory]
    [InlineData("envelope-es256.json")]
    [InlineData("envelope-webauthn.json")]
    public void Envelope_has_its_digests_signatures_and_schema(string file)
    {
        var entry = Entry("envelopes", file);
        var utf8 = Read(file);

        var envelope = EnvelopeCodec.Parse(utf8).Value;

        Digest.Of(utf8).ToString().Should().Be(entry.GetProperty("digest").GetString());
        envelope.PayloadDigest.ToString().Should().Be(entry.GetProperty("payloadDigest").GetString());
        Digest.Of(Pae.Of(envelope.PayloadType, envelope.Payload.Span)).ToString().Should().Be(entry.GetProperty("paeSha256").GetString());
        var keys = entry.GetProperty("keys").EnumerateArray().Select(Key).ToList();
        envelope.Signatures.Should().HaveCount(keys.Count);
        foreach (var (signature, key) in envelope.Signatures.Zip(keys))
        {
            EnvelopeVerifier.Verify(envelope, signature, key, TestVerifier.Instance).Refusals.Should().BeEmpty();
        }

        ShouldFitSchema("envelope", utf8);
    }

    [Fact]
    public void WebAuthn_challenge_is_the_published_one()
    {
        var envelope = EnvelopeCodec.Parse(Read("envelope-webauthn.json")).Value;

        EnvelopeVerifier.WebAuthnChallenge(envelope.PayloadType, envelope.Payload.Span).ToString()
            .Should().Be(Entry("envelopes", "envelope-webauthn.json").GetProperty("challenge").GetString());
    }

    [Fact]
    public void Row_has_its_leaf_and_schema()
    {
        var entry = Entry("rows", "row.json");
        var utf8 = Read("row.json");

        var row = RowCodec.Parse(utf8).Value;

        row.Sequence.Should().Be(entry.GetProperty("sequence").GetInt64());
        row.Time.ToString().Should().Be(entry.GetProperty("time").GetString());
        row.Leaf.ToString().Should().Be(entry.GetProperty("leaf").GetString());
        ShouldFitSchema("row", utf8);
    }

    [Fact]
    public void Derived_values_are_the_published_ones()
    {
        var genesis = DocumentCodec.Parse<Genesis>(Read("genesis.json")).Value;
        var contract = DocumentCodec.Parse<Contract>(Read("contract.json")).Value;
        var binding = DocumentCodec.Parse<Binding>(Read("binding.json")).Value;

        CollaborationId.Of(genesis.ContractDigest, genesis.SealingKey, genesis.CheckpointKey, genesis.Nonce).Should().Be(Derived("collaborationId"));
        DocumentCodec.DigestOf(genesis.Attestation).ToString().Should().Be(Derived("attestationDigest"));
        DocumentCodec.DigestOf(contract.Templates[0]).ToString().Should().Be(Derived("templateDigest"));
        Convert.ToHexStringLower(AttestationBinding.ReportData(binding)).Should().Be(Derived("reportData"));
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public void Refused_bytes_are_refused_for_the_published_reason(string file)
    {
        var entry = Entry("refused", file);
        var utf8 = Read(file);

        var refusals = entry.GetProperty("format").GetString() switch
        {
            "document" => DocumentCodec.Parse(utf8).Refusals,
            "receipt" => DocumentCodec.ParseReceipt(utf8).Refusals,
            "envelope" => EnvelopeCodec.Parse(utf8).Refusals,
            _ => RowCodec.Parse(utf8).Refusals,
        };

        refusals.Should().NotBeEmpty();
        refusals.Should().OnlyContain(refusal => refusal.Slug == entry.GetProperty("refusal").GetString());
    }

    private static void ShouldFitSchema(string name, byte[] utf8) => SchemaValidator.Check(
        JsonDocument.Parse(utf8).RootElement, CommittedFiles.Json("schemas", $"{name}.schema.json")).Should().BeEmpty();

    private static string? Derived(string name) => _index.GetProperty("derived").GetProperty(name).GetProperty("value").GetString();

    private static SignKey Key(JsonElement key) => new()
    {
        Kind = key.TryGetProperty("rpId", out var rpId) ? SignatureKind.WebAuthn : SignatureKind.Es256,
        PublicKey = new Bytes(key.GetProperty("publicKey").GetBytesFromBase64()),
        RpId = rpId.ValueKind == JsonValueKind.String ? rpId.GetString() : null,
        Origins = key.TryGetProperty("origins", out var origins) ? [.. origins.EnumerateArray().Select(origin => origin.GetString()!)] : [],
        UserVerification = key.TryGetProperty("userVerification", out var verification) && verification.GetBoolean(),
    };

    private static TheoryData<string> Files(string list) =>
        [.. _index.GetProperty(list).EnumerateArray().Select(entry => entry.GetProperty("file").GetString()!)];

    private static JsonElement Entry(string list, string file) =>
        _index.GetProperty(list).EnumerateArray().Single(entry => entry.GetProperty("file").GetString() == file);

    private static byte[] Read(string file) => File.ReadAllBytes(CommittedFiles.Folder("vectors", "documents", file));
}
