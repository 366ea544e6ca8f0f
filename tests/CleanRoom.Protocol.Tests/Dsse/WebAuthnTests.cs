using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Dsse;
using CleanRoom.Protocol.Tests.Samples;
using Org.BouncyCastle.Asn1;

namespace CleanRoom.Protocol.Tests.Dsse;

/// <summary>Published assertions, and assertions over payloads by a test key.</summary>
public sealed class WebAuthnTests
{
    private const byte UserPresent = 0x01;
    private const byte UserVerified = 0x04;
    private const string Origin = "https://localhost:8443";
    private const string RpId = "localhost";
    private const string KeyName = "passkey";
    private const string PayloadType = "application/vnd.cleanroom.suspend.v1+json";

    public static TheoryData<string, bool, bool> PublishedCases => new()
    {
        { "none.ES256", false, true },
        { "none.ES256", true, false },
        { "packed-self.ES256", false, true },
        { "packed-self.ES256", true, false },
        { "none.ES256.crossOrigin", false, false },
        { "none.ES256.topOrigin", false, false },
        { "none.ES256.long-credential-id", true, true },
        { "packed.ES256", true, true },
    };

    [Theory]
    [MemberData(nameof(PublishedCases))]
    public void Verify_of_a_published_assertion(string name, bool userVerification, bool isAccepted)
    {
        var file = SharedVectors.Json("webauthn", "w3c-es256.json");
        var vector = file.GetProperty("vectors").EnumerateArray().Single(v => v.GetProperty("name").GetString() == name);
        var authentication = vector.GetProperty("authentication");
        var publicKey = PublicKey(Hex(vector.GetProperty("registration"), "attestationObjectHex"));

        var result = VerifyRaw(
            Hex(authentication, "challengeHex"),
            Hex(authentication, "authenticatorDataHex"),
            Hex(authentication, "clientDataJSONHex"),
            Fixed64(Hex(authentication, "signatureHex")),
            Key(publicKey, "example.org", "https://example.org", userVerification));

        result.IsAccepted.Should().Be(isAccepted, string.Join("; ", result.Refusals));
    }

    [Fact]
    public void Verify_of_a_real_authenticator_with_a_longer_challenge_differs_in_the_challenge_alone()
    {
        var file = SharedVectors.Json("webauthn", "fido2-net-lib-none-es256.json");
        var response = file.GetProperty("assertionNoneResponse").GetProperty("response");
        var attestation = file.GetProperty("attestationNoneResponse").GetProperty("response").GetProperty("attestationObject").GetString();
        var clientData = Base64Url.DecodeFromChars(response.GetProperty("clientDataJSON").GetString());
        var authenticatorData = Base64Url.DecodeFromChars(response.GetProperty("authenticatorData").GetString());
        var signature = Fixed64(Hex(response, "signature"));
        var publicKey = PublicKey(Base64Url.DecodeFromChars(attestation));

        // Its challenge has 64 bytes; ours always have 32.
        VerifyRaw(new byte[32], authenticatorData, clientData, signature, Key(publicKey, "localhost", "https://localhost:44329", false))
            .Refusals.Should().ContainSingle().Which.Got.Should().Be("another challenge");
        TestVerifier.Instance
            .VerifyEs256(publicKey.Span, [.. authenticatorData, .. Digest.Of(clientData).ToArray()], signature).Should().BeTrue();
    }

    [Fact]
    public void Verify_of_a_passkey_over_the_payload_is_accepted() => VerifySigned(new Assertion()).IsAccepted.Should().BeTrue();

    [Fact]
    public void Challenge_binds_payload_and_type()
    {
        var challenge = EnvelopeVerifier.WebAuthnChallenge(PayloadType, "{}"u8);

        challenge.Should().Be(Digest.Labelled("cleanroom/v1/webauthn", Digest.Of(Pae.Of(PayloadType, "{}"u8)).ToArray()));
        challenge.Should().NotBe(EnvelopeVerifier.WebAuthnChallenge(PayloadType, "{ }"u8));
        challenge.Should().NotBe(EnvelopeVerifier.WebAuthnChallenge(PayloadType + "x", "{}"u8));
    }

    [Theory]
    [InlineData("webauthn.get", "webauthn.create")]
    [InlineData("https://localhost:8443", "https://localhost:8444")]
    [InlineData("https://localhost:8443", "http://localhost:8443")]
    [InlineData("https://localhost:8443", "https://localhost:8443/")]
    [InlineData("https://localhost:8443", "https://LOCALHOST:8443")]
    [InlineData("\"crossOrigin\":false", "\"crossOrigin\":true")]
    [InlineData("\"crossOrigin\":false", "\"crossOrigin\":null")]
    [InlineData("\"crossOrigin\":false", "\"crossOrigin\":\"false\"")]
    [InlineData("\"crossOrigin\":false", "\"topOrigin\":\"https://example.com\"")]
    [InlineData("{\"type\":\"webauthn.get\",", "{")]
    [InlineData("{\"type\":\"webauthn.get\",", "{\"type\":\"webauthn.create\",\"type\":\"webauthn.get\",")]
    [InlineData("{\"type\":\"webauthn.get\",", "{\"type\":\"webauthn.get\",\"x\":\"\\ud800\",\"\\ud800\":1,")]
    [InlineData("{\"type\":\"webauthn.get\",", "{\"type\":1,")]
    [InlineData("{\"type\"", "[{\"type\"")]
    [InlineData("{\"type\"", " {} {\"type\"")]
    [InlineData("false}", "false}}")]
    [InlineData("false}", "false,\"x\":[[[[[[[[[]]]]]]]]]}")]
    public void Verify_of_other_client_data_is_refused(string form, string other) =>
        VerifySigned(new Assertion { Edit = text => text.Replace(form, other, StringComparison.Ordinal) })
            .Refusals.Should().ContainSingle().Which.Code.Should().Be(RefusalCode.SignatureInvalid);

    [Fact]
    public void Verify_of_client_data_with_new_members_is_accepted() =>
        VerifySigned(new Assertion { Edit = text => text.Replace("false}", "false,\"new\":{\"a\":[1.5]}}", StringComparison.Ordinal) })
            .IsAccepted.Should().BeTrue();

    [Fact]
    public void Verify_of_client_data_without_crossOrigin_is_accepted() =>
        VerifySigned(new Assertion { Edit = text => text.Replace(",\"crossOrigin\":false", "", StringComparison.Ordinal) })
            .IsAccepted.Should().BeTrue();

    [Fact]
    public void Verify_of_long_client_data_is_refused() =>
        VerifySigned(new Assertion { Edit = text => text.Replace("false}", $"false,\"x\":\"{new string('x', 4096)}\"}}", StringComparison.Ordinal) })
            .IsAccepted.Should().BeFalse();

    [Fact]
    public void Verify_of_another_relying_party_is_refused() =>
        VerifySigned(new Assertion { RpId = "example.org" }).Refusals.Should().ContainSingle().Which.Wanted.Should().Contain("relying party");

    [Theory]
    [InlineData(UserPresent, true)]
    [InlineData(UserVerified, true)]
    [InlineData(UserVerified, false)]
    [InlineData(0, false)]
    [InlineData(UserPresent | 0x02, false)]
    [InlineData(UserPresent | 0x20, false)]
    [InlineData(UserPresent | 0x40, false)]
    [InlineData(UserPresent | 0x80, false)]
    [InlineData(UserPresent | 0x10, false)]
    public void Verify_of_other_flags_is_refused(byte flags, bool userVerification) =>
        VerifySigned(new Assertion { Flags = flags, UserVerification = userVerification }).IsAccepted.Should().BeFalse();

    [Theory]
    [InlineData(UserPresent, false)]
    [InlineData(UserPresent | UserVerified, true)]
    [InlineData(UserPresent | UserVerified | 0x18, true)]
    [InlineData(UserPresent | 0x08, false)]
    public void Verify_of_good_flags_is_accepted(byte flags, bool userVerification) =>
        VerifySigned(new Assertion { Flags = flags, UserVerification = userVerification }).IsAccepted.Should().BeTrue();

    [Fact]
    public void Verify_of_longer_authenticator_data_is_refused() =>
        VerifySigned(new Assertion { Trailing = 1 }).Refusals.Should().ContainSingle().Which.Got.Should().Be("38");

    [Fact]
    public void Verify_of_another_payload_is_refused() =>
        VerifySigned(new Assertion { SignedPayload = "{ }" }).Refusals.Should().ContainSingle().Which.Got.Should().Be("another challenge");

    [Fact]
    public void Verify_of_a_signature_over_the_payload_alone_is_refused() =>
        VerifySigned(new Assertion { SignsPaeInstead = true }).Refusals.Should().ContainSingle().Which.Code.Should().Be(RefusalCode.SignatureInvalid);

    private static Result<VerifiedSignature> VerifySigned(Assertion assertion)
    {
        var challenge = EnvelopeVerifier.WebAuthnChallenge(PayloadType, Encoding.UTF8.GetBytes(assertion.SignedPayload));
        var clientData = Encoding.UTF8.GetBytes(assertion.Edit(
            $"{{\"type\":\"webauthn.get\",\"challenge\":\"{Base64Url.EncodeToString(challenge.ToArray())}\",\"origin\":\"{Origin}\",\"crossOrigin\":false}}"));
        byte[] authenticatorData =
            [.. Digest.Of(Encoding.UTF8.GetBytes(assertion.RpId)).ToArray(), assertion.Flags, 0, 0, 0, 0, .. new byte[assertion.Trailing]];
        byte[] signed = assertion.SignsPaeInstead
            ? Pae.Of(PayloadType, "{}"u8)
            : [.. authenticatorData, .. Digest.Of(clientData).ToArray()];
        var signature = new EnvelopeSignature
        {
            Kind = SignatureKind.WebAuthn,
            KeyId = KeyId.Of(TestKeys.P256Public(KeyName).Span),
            Sig = new Bytes(TestKeys.SignEs256(KeyName, signed)),
            AuthenticatorData = new Bytes(authenticatorData),
            ClientDataJson = new Bytes(clientData),
        };
        var envelope = new Envelope(PayloadType, new Bytes("{}"u8), [signature]);
        return EnvelopeVerifier.Verify(
            envelope, signature, Key(TestKeys.P256Public(KeyName), RpId, Origin, assertion.UserVerification), TestVerifier.Instance);
    }

    private static Result<Digest> VerifyRaw(byte[] challenge, byte[] authenticatorData, byte[] clientData, byte[] signature, SignKey key) =>
        WebAuthnAssertion.Verify(
            new Digest(challenge),
            new EnvelopeSignature
            {
                Kind = SignatureKind.WebAuthn,
                KeyId = KeyId.Of(key.PublicKey.Span),
                Sig = new Bytes(signature),
                AuthenticatorData = new Bytes(authenticatorData),
                ClientDataJson = new Bytes(clientData),
            },
            key,
            TestVerifier.Instance);

    private static SignKey Key(Bytes publicKey, string rpId, string origin, bool userVerification) => new()
    {
        Kind = SignatureKind.WebAuthn, PublicKey = publicKey, RpId = rpId, Origins = [origin], UserVerification = userVerification,
    };

    /// <summary>Finds the COSE key of an ES256 credential: -2 (x) and -3 (y), each a byte string of 32.</summary>
    private static Bytes PublicKey(byte[] attestationObject)
    {
        var x = attestationObject.AsSpan().IndexOf(Convert.FromHexString("A5010203262001215820")) + 10;
        x.Should().BeGreaterThan(9);
        attestationObject.AsSpan(x + 32, 3).ToArray().Should().Equal(0x22, 0x58, 0x20);
        return new Bytes([4, .. attestationObject.AsSpan(x, 32), .. attestationObject.AsSpan(x + 35, 32)]);
    }

    private static byte[] Fixed64(byte[] der)
    {
        var rs = (Asn1Sequence)Asn1Object.FromByteArray(der);
        return [.. Fixed32(rs[0]), .. Fixed32(rs[1])];

        static byte[] Fixed32(Asn1Encodable value)
        {
            var bytes = ((DerInteger)value).PositiveValue.ToByteArrayUnsigned();
            return [.. new byte[32 - bytes.Length], .. bytes];
        }
    }

    private static byte[] Hex(JsonElement element, string name) => Convert.FromHexString(element.GetProperty(name).GetString()!);

    private sealed record Assertion
    {
        public string SignedPayload { get; init; } = "{}";

        public string RpId { get; init; } = WebAuthnTests.RpId;

        public byte Flags { get; init; } = UserPresent | UserVerified;

        public int Trailing { get; init; }

        public bool UserVerification { get; init; } = true;

        public bool SignsPaeInstead { get; init; }

        public Func<string, string> Edit { get; init; } = text => text;
    }
}
