using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Json;
using CleanRoom.TestKit.Certificates;
using static CleanRoom.Attestation.Tests.Tpm.TpmBytes;

namespace CleanRoom.Attestation.Tests.Tpm;

/// <summary>Evidence of a TPM that does not exist. The defaults are those of an honest one; a test changes one thing.</summary>
internal sealed record MadeTpmEvidence
{
    private static readonly TestKey s_key = TestKey.Ec("P-256");

    public TestKey Key { get; init; } = s_key;

    public uint Attributes { get; init; } = 0x0005_0072;

    public uint Magic { get; init; } = 0xFF54_4347;

    public int Type { get; init; } = 0x8018;

    public byte Safe { get; init; } = 1;

    public uint ResetCount { get; init; } = 2;

    public byte[] ReportData { get; init; } = [.. Enumerable.Repeat((byte)0x5A, 64)];

    /// <summary>Gets the values that the envelope states.</summary>
    public ImmutableSortedDictionary<int, byte[]> Pcrs { get; init; } = ImmutableSortedDictionary<int, byte[]>.Empty
        .Add(0, [.. Enumerable.Repeat((byte)0xA0, 32)])
        .Add(7, [.. Enumerable.Repeat((byte)0xA7, 32)])
        .Add(11, [.. Enumerable.Repeat((byte)0xAB, 32)]);

    /// <summary>Gets the values of the SHA-384 bank that the envelope states besides.</summary>
    public ImmutableSortedDictionary<int, byte[]> Sha384Pcrs { get; init; } = ImmutableSortedDictionary<int, byte[]>.Empty;

    /// <summary>Gets the banks that the quote selects; null for those above that have values.</summary>
    public (int Algorithm, int[] Indices)[]? Selections { get; init; }

    /// <summary>Gets the digest that the quote states; null for the right one.</summary>
    public byte[]? PcrDigest { get; init; }

    public int SignatureHash { get; init; } = 0x000B;

    /// <summary>Gets the signature's scheme: RSASSA 0x14, RSAPSS 0x16, ECDSA 0x18.</summary>
    public int Scheme { get; init; } = 0x18;

    public byte[]? EventLog { get; init; }

    private int Field => Key.Point().Length / 2;

    private IEnumerable<(int Algorithm, string Name, ImmutableSortedDictionary<int, byte[]> Pcrs)> Banks =>
        new[] { (0x0B, "sha256", Pcrs), (0x0C, "sha384", Sha384Pcrs) }.Where(bank => bank.Item1 == 0x0B ? Sha384Pcrs.IsEmpty || !Pcrs.IsEmpty : !Sha384Pcrs.IsEmpty);

    public byte[] Public() => Scheme == 0x18
        ? [.. U16(0x23), .. U16(0x0B), .. U32(Attributes), .. Sized([]), .. U16(0x10), .. U16(0x18), .. U16(0x0B), .. U16(Field == 32 ? 3 : 4), .. U16(0x10), .. Sized(Key.Point().AsSpan(0, Field)), .. Sized(Key.Point().AsSpan(Field))]
        : [.. U16(0x01), .. U16(0x0B), .. U32(Attributes), .. Sized([]), .. U16(0x10), .. U16(Scheme), .. U16(0x0B), .. U16(2_048), .. U32(0), .. Sized(Key.RsaNumbers().Modulus)];

    public byte[] Quote()
    {
        var selections = Selections ?? [.. Banks.Select(bank => (bank.Algorithm, (int[])[.. bank.Pcrs.Keys]))];
        byte[] values = [.. Banks.SelectMany(bank => bank.Pcrs.Values).SelectMany(value => value)];
        return
        [
            .. U32(Magic), .. U16(Type), .. Sized([0x00, 0x0B, 0x77]), .. Sized(ReportData), .. U64(1), .. U32(ResetCount), .. U32(3), Safe, .. U64(0x0102_0304_0506_0708),
            .. U32((uint)selections.Length),
            .. selections.SelectMany(bank => (byte[])[.. U16(bank.Algorithm), 3, .. Bitmap(bank.Indices)]),
            .. Sized(PcrDigest ?? (SignatureHash == 0x0C ? SHA384.HashData(values) : SHA256.HashData(values))),
        ];
    }

    public byte[] Signature()
    {
        var quote = Quote();
        var raw = Scheme == 0x18 ? Key.SignRaw(quote) : [];
        return Scheme switch
        {
            0x14 => [.. U16(Scheme), .. U16(SignatureHash), .. Sized(Key.Sign(quote))],
            0x16 => [.. U16(Scheme), .. U16(SignatureHash), .. Sized(Key.SignPss256(quote))],
            _ => [.. U16(Scheme), .. U16(SignatureHash), .. Sized(raw.AsSpan(0, Field)), .. Sized(raw.AsSpan(Field))],
        };
    }

    public ImmutableArray<JsonMember> Members()
    {
        var members = ImmutableArray.Create(
            new JsonMember("akPublic", new Bytes(Public())),
            new JsonMember("pcrs", PcrJson()),
            new JsonMember("quote", new Bytes(Quote())),
            new JsonMember("signature", new Bytes(Signature())),
            new JsonMember("type", "cleanroom/v1/tpm-evidence"));
        return EventLog is null ? members : members.Add(new JsonMember("eventLog", new Bytes(EventLog)));
    }

    /// <summary>Returns {bank: {index: hex, ...}}.</summary>
    public JsonObject PcrJson() => new([.. Banks.Select(bank => new JsonMember(bank.Name, new JsonObject(
        [.. bank.Pcrs.Select(pcr => new JsonMember(pcr.Key.ToString(CultureInfo.InvariantCulture), Convert.ToHexStringLower(pcr.Value)))])))]);

    public Bytes ToBytes() => new(Jcs.Write(new JsonObject(Members())));

    private static byte[] Bitmap(int[] indices)
    {
        var bitmap = new byte[3];
        foreach (var index in indices)
        {
            bitmap[index / 8] |= (byte)(1 << (index % 8));
        }

        return bitmap;
    }
}
