using System.Text;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Dsse;
using CleanRoom.Protocol.Tests.Samples;

namespace CleanRoom.Protocol.Tests.Dsse;

public sealed class EnvelopeTests
{
    private const string Type = "application/vnd.cleanroom.resume.v1+json";
    private static readonly Envelope _signed = TestKeys.Envelope(Type, Encoding.UTF8.GetBytes("{}"), "a", "b");

    [Fact]
    public void Pae_of_the_published_case_gives_the_published_bytes()
    {
        var vector = SharedVectors.Json("dsse", "dsse-protocol-vector.json");

        var pae = Pae.Of(vector.GetProperty("payloadType").GetString()!, Encoding.UTF8.GetBytes(vector.GetProperty("payloadUtf8").GetString()!));

        Convert.ToHexStringLower(pae).Should().Be(vector.GetProperty("paeHex").GetString());
    }

    [Fact]
    public void Verify_of_the_published_signature_is_accepted()
    {
        var vector = SharedVectors.Json("dsse", "dsse-protocol-vector.json");
        var point = vector.GetProperty("publicKey");
        Bytes key = new([4, .. Hex(point, "xHex"), .. Hex(point, "yHex")]);
        var signature = Es256(KeyId.Of(key.Span), Hex(vector, "signatureHex"));
        var envelope = new Envelope(vector.GetProperty("payloadType").GetString()!, new Bytes("hello world"u8), [signature]);

        EnvelopeVerifier.Verify(envelope, signature, key, TestVerifier.Instance).IsAccepted.Should().BeTrue();
    }

    [Fact]
    public void Parse_of_the_published_envelope_without_key_and_kind_is_refused()
    {
        var envelope = SharedVectors.Json("dsse", "dsse-protocol-vector.json").GetProperty("envelope").GetRawText();
        var canonical = Protocol.Json.Jcs.Canonicalize(Encoding.UTF8.GetBytes(envelope), 1000).Value;

        EnvelopeCodec.Parse(canonical).Refusals.Should().ContainSingle().Which.Code.Should().Be(RefusalCode.EnvelopeInvalid);
    }

    [Fact]
    public void Parse_of_encoded_envelope_returns_it()
    {
        var parsed = EnvelopeCodec.Parse(EnvelopeCodec.Encode(_signed)).Value;

        parsed.Should().Be(_signed);
        parsed.Digest.Should().Be(_signed.Digest);
    }

    [Fact]
    public void Parse_of_encoded_webauthn_signature_returns_it()
    {
        var envelope = _signed with
        {
            Signatures =
            [
                _signed.Signatures[0] with
                {
                    Kind = SignatureKind.WebAuthn, AuthenticatorData = new Bytes(new byte[37]), ClientDataJson = new Bytes("{}"u8),
                },
            ],
        };

        EnvelopeCodec.Parse(EnvelopeCodec.Encode(envelope)).Value.Should().Be(envelope);
    }

    [Theory]
    [InlineData("\"kind\":\"es256\"", "\"kind\":\"ES256\"")]
    [InlineData("\"kind\":\"es256\"", "\"kind\":\"webauthn\"")]
    [InlineData("\"kind\":\"es256\"", "\"kind\":\"none\"")]
    [InlineData("\"kind\":\"es256\",", "")]
    [InlineData("\"kind\":\"es256\"", "\"kind\":\"es256\",\"more\":1")]
    [InlineData("\"payload\":\"e30=\"", "\"payload\":\"e30\"")]
    [InlineData("\"payload\":\"e30=\"", "\"payload\":\"e31=\"")]
    [InlineData("\"payload\":\"e30=\"", "\"payload\":\" e30=\"")]
    [InlineData("\"payload\":\"e30=\"", "\"payload\":null")]
    [InlineData("\"payloadType\":\"", "\"payloadType\":\" ")]
    [InlineData("\"payloadType\":\"", "\"payloadType\":\"é")]
    [InlineData("\"payload\":\"e30=\",", "")]
    public void Parse_of_another_form_is_refused(string form, string other)
    {
        var text = Encoding.UTF8.GetString(EnvelopeCodec.Encode(_signed));
        text.Should().Contain(form);

        EnvelopeCodec.Parse(Encoding.UTF8.GetBytes(text.Replace(form, other, StringComparison.Ordinal)))
            .Refusals.Should().ContainSingle().Which.Code.Should().Be(RefusalCode.EnvelopeInvalid);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(65)]
    public void Parse_with_too_few_or_too_many_signatures_is_refused(int count)
    {
        var signatures = Enumerable.Range(0, count).Select(i => Es256(Digest.Of([(byte)i]), new byte[64]));

        EnvelopeCodec.Parse(EnvelopeCodec.Encode(_signed with { Signatures = [.. signatures] }))
            .Refusals.Should().ContainSingle().Which.Got.Should().Be($"{count}");
    }

    [Fact]
    public void Parse_with_two_signatures_by_one_key_is_refused() =>
        EnvelopeCodec.Parse(EnvelopeCodec.Encode(_signed with { Signatures = [_signed.Signatures[0], _signed.Signatures[0]] }))
            .Refusals.Should().ContainSingle().Which.Code.Should().Be(RefusalCode.EnvelopeInvalid);

    [Theory]
    [InlineData(63)]
    [InlineData(65)]
    [InlineData(0)]
    public void Parse_of_a_signature_of_another_length_is_refused(int length) =>
        EnvelopeCodec.Parse(EnvelopeCodec.Encode(_signed with { Signatures = [Es256(Digest.Of([1]), new byte[length])] }))
            .Refusals.Should().ContainSingle().Which.Code.Should().Be(RefusalCode.EnvelopeInvalid);

    [Fact]
    public void Parse_of_a_payload_over_the_limit_is_refused() =>
        EnvelopeCodec.Parse(EnvelopeCodec.Encode(_signed with { Payload = new Bytes(new byte[DocumentCodec.MaxDocumentBytes + 1]) }))
            .Refusals.Should().ContainSingle().Which.Code.Should().Be(RefusalCode.EnvelopeInvalid);

    [Fact]
    public void Parse_of_the_largest_envelope_is_accepted()
    {
        var signatures = Enumerable.Range(0, EnvelopeCodec.MaxSignatures).Select(i => _signed.Signatures[0] with
        {
            Kind = SignatureKind.WebAuthn,
            KeyId = Digest.Of([(byte)i]),
            AuthenticatorData = new Bytes(new byte[37]),
            ClientDataJson = new Bytes(new byte[4096]),
        });
        var envelope = _signed with { Payload = new Bytes(new byte[DocumentCodec.MaxDocumentBytes]), Signatures = [.. signatures] };

        EnvelopeCodec.Parse(EnvelopeCodec.Encode(envelope)).IsAccepted.Should().BeTrue();
    }

    [Fact]
    public void Encode_of_webauthn_without_client_data_is_a_bug_of_the_caller() =>
        FluentActions.Invoking(() => EnvelopeCodec.Encode(
            _signed with { Signatures = [_signed.Signatures[0] with { Kind = SignatureKind.WebAuthn }] })).Should().Throw<ArgumentException>();

    [Fact]
    public void Verify_returns_who_signed_what()
    {
        var verified = EnvelopeVerifier.Verify(_signed, _signed.Signatures[1], TestKeys.P256Public("b"), TestVerifier.Instance).Value;

        verified.KeyId.Should().Be(KeyId.Of(TestKeys.P256Public("b").Span));
        verified.PayloadDigest.Should().Be(Digest.Of("{}"u8));
    }

    [Fact]
    public void Verify_with_another_key_is_refused() =>
        EnvelopeVerifier.Verify(_signed, _signed.Signatures[0], TestKeys.P256Public("c"), TestVerifier.Instance)
            .Refusals.Should().ContainSingle().Which.Code.Should().Be(RefusalCode.SignatureUnknownKey);

    [Fact]
    public void Verify_of_a_signature_under_a_foreign_key_id_is_refused()
    {
        var forged = _signed.Signatures[0] with { KeyId = KeyId.Of(TestKeys.P256Public("c").Span) };

        EnvelopeVerifier.Verify(_signed, forged, TestKeys.P256Public("c"), TestVerifier.Instance)
            .Refusals.Should().ContainSingle().Which.Code.Should().Be(RefusalCode.SignatureInvalid);
    }

    [Fact]
    public void Verify_of_another_payload_is_refused() =>
        EnvelopeVerifier.Verify(
            _signed with { Payload = new Bytes("{ }"u8) }, _signed.Signatures[0], TestKeys.P256Public("a"), TestVerifier.Instance)
            .Refusals.Should().ContainSingle().Which.Code.Should().Be(RefusalCode.SignatureInvalid);

    [Fact]
    public void Verify_of_another_payload_type_is_refused() =>
        EnvelopeVerifier.Verify(
            _signed with { PayloadType = Type + "x" }, _signed.Signatures[0], TestKeys.P256Public("a"), TestVerifier.Instance)
            .Refusals.Should().ContainSingle().Which.Code.Should().Be(RefusalCode.SignatureInvalid);

    [Fact]
    public void Verify_of_an_es256_signature_by_a_webauthn_key_is_refused()
    {
        var key = new SignKey
        {
            Kind = SignatureKind.WebAuthn,
            PublicKey = TestKeys.P256Public("a"),
            RpId = "localhost",
            Origins = ["https://localhost"],
            UserVerification = false,
        };

        EnvelopeVerifier.Verify(_signed, _signed.Signatures[0], key, TestVerifier.Instance)
            .Refusals.Should().ContainSingle().Which.Code.Should().Be(RefusalCode.SignatureInvalid);
    }

    [Fact]
    public void ParsePayload_returns_the_document()
    {
        var suspend = DocumentSamples.All.OfType<Suspend>().Single();

        DocumentCodec.ParsePayload(TestKeys.Envelope(DocumentCodec.PayloadTypeOf(suspend), DocumentCodec.Encode(suspend), "a"))
            .Value.Should().Be(suspend);
    }

    [Fact]
    public void ParsePayload_under_another_payload_type_is_refused()
    {
        var suspend = DocumentSamples.All.OfType<Suspend>().Single();

        DocumentCodec.ParsePayload(TestKeys.Envelope(Type, DocumentCodec.Encode(suspend), "a"))
            .Refusals.Should().ContainSingle().Which.Code.Should().Be(RefusalCode.EnvelopeInvalid);
    }

    [Fact]
    public void KeyId_of_another_length_is_a_bug_of_the_caller() =>
        FluentActions.Invoking(() => KeyId.Of(new byte[64])).Should().Throw<ArgumentException>();

    private static byte[] Hex(System.Text.Json.JsonElement element, string name) => Convert.FromHexString(element.GetProperty(name).GetString()!);

    private static EnvelopeSignature Es256(Digest keyId, byte[] sig) => new()
    {
        Kind = SignatureKind.Es256, KeyId = keyId, Sig = new Bytes(sig), AuthenticatorData = null, ClientDataJson = null,
    };
}
