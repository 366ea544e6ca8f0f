using System.Buffers.Binary;
using System.Security.Cryptography;
using CleanRoom.Attestation.Guest;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Json;

namespace CleanRoom.Attesters.Tests.Support;

/// <summary>Reads a TPM's evidence as a relying party does, with nothing of the attester's code.</summary>
internal sealed class TpmEvidence
{
    private const int MaxBytes = 256 * 1024;

    private TpmEvidence(JsonObject members) => Members = members;

    public JsonObject Members { get; }

    public byte[] AkPublic => Binary("akPublic");

    public byte[] Quote => Binary("quote");

    public byte[] Signature => Binary("signature");

    public Dictionary<string, string> Pcrs =>
        ((JsonObject)((JsonObject)Members.Find("pcrs")!).Find("sha256")!).Members.ToDictionary(pcr => pcr.Name, pcr => ((JsonString)pcr.Value).Value);

    public byte[] ExtraData
    {
        get
        {
            var signer = BinaryPrimitives.ReadUInt16BigEndian(Quote.AsSpan(6));
            var extra = Quote.AsSpan(8 + signer);
            return extra.Slice(2, BinaryPrimitives.ReadUInt16BigEndian(extra)).ToArray();
        }
    }

    public static TpmEvidence Read(AttesterEvidence evidence)
    {
        var members = (JsonObject)StrictJson.Parse(evidence.Evidence.Span, MaxBytes).Value;
        Jcs.Write(members).Should().Equal(evidence.Evidence.ToArray(), "only the one written form is read");
        return new(members);
    }

    /// <summary>Verifies the signature of an ECDSA P-256 key with SHA-256.</summary>
    public bool IsSigned()
    {
        var signature = Signature.AsSpan();
        signature[..4].ToArray().Should().Equal(0x00, 0x18, 0x00, 0x0B);
        var (r, rest) = Sized(signature[4..]);
        var (s, end) = Sized(rest);
        end.Should().BeEmpty();
        var (x, afterX) = Sized(AkPublic.AsSpan(20));
        var (y, _) = Sized(afterX);
        using var key = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new ECPoint { X = Padded(x), Y = Padded(y) } });
        byte[] fixedForm = [.. Padded(r), .. Padded(s)];
        return key.VerifyData(Quote, fixedForm, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
    }

    public byte[] Binary(string name) =>
        Bytes.TryParse(((JsonString)Members.Find(name)!).Value, out var bytes) ? bytes.ToArray() : throw new InvalidDataException(name);

    private static (byte[] Value, byte[] After) Sized(ReadOnlySpan<byte> bytes)
    {
        var length = BinaryPrimitives.ReadUInt16BigEndian(bytes);
        return (bytes.Slice(2, length).ToArray(), bytes[(2 + length)..].ToArray());
    }

    private static byte[] Padded(byte[] value) => [.. new byte[32 - value.Length], .. value];
}
