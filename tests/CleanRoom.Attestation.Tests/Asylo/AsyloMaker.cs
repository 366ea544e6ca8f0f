using System.Security.Cryptography;
using System.Text;
using CleanRoom.Attestation.Tests.Intel;
using CleanRoom.Protocol;
using CleanRoom.TestKit.Certificates;

namespace CleanRoom.Attestation.Tests.Asylo;

/// <summary>A certificate of an attestation key on a platform of the test PKI. The defaults are those of an honest one; tests change one thing at a time.</summary>
internal sealed record AsyloMaker
{
    private const string DefaultPurpose = "Assertion Generator Enclave Attestation Key";

    /// <summary>Gets the certified key.</summary>
    public static TestKey Key { get; } = TestKey.Ec("P-256");

    /// <summary>Gets the flags of the assertion generator.</summary>
    public byte Flags { get; init; } = 0x05;

    /// <summary>Gets the end of the report data.</summary>
    public string Label { get; init; } = "ASYLO SIGNREPORT";

    /// <summary>Gets the payload whose digest the report data holds; null for the one that is shown.</summary>
    public byte[]? BoundPayload { get; init; }

    /// <summary>Gets the purpose of the key.</summary>
    public string Purpose { get; init; } = DefaultPurpose;

    /// <summary>Gets the version of the key.</summary>
    public string KeyVersion { get; init; } = $"{DefaultPurpose} v0.1";

    /// <summary>Gets the version of the payload.</summary>
    public string PayloadVersion { get; init; } = "PCE Sign Report v0.1";

    /// <summary>Gets the scheme that the signature names.</summary>
    public byte Scheme { get; init; } = 1;

    /// <summary>Gets the key that signs the report.</summary>
    public TestKey Signer { get; init; } = MadePlatform.PckKey;

    /// <summary>Gets the content of the certified key.</summary>
    public byte[] KeyBytes { get; init; } = Key.Spki;

    /// <summary>Gets whether the certificate stands in another message that names its format.</summary>
    public bool IsWrapped { get; init; }

    /// <summary>Gets a change of the report before it is signed.</summary>
    public Action<byte[]> Change { get; init; } = _ => { };

    /// <summary>Returns the certificate.</summary>
    public Bytes Make()
    {
        var payload = Payload();
        var report = MadeQuote.Report(Flags, 0, new string('D', 64), 1);
        SHA256.HashData(BoundPayload ?? payload).CopyTo(report, 320);
        report.AsSpan(352, 16).Clear();
        Encoding.ASCII.GetBytes(Label).CopyTo(report, 368);
        Change(report);
        var signature = Signer.SignRaw(report);
        byte[] message =
        [
            .. Field(1, Field(1, [.. report, .. new byte[48]])), .. Field(2, payload),
            .. Field(3, [.. Number(1, Scheme), .. Field(2, [.. Field(1, signature[..32]), .. Field(2, signature[32..])])]),
        ];
        return new Bytes(IsWrapped ? [.. Number(1, 3), .. Field(2, message)] : message);
    }

    /// <summary>Returns a field that holds bytes.</summary>
    public static byte[] Field(int number, byte[] content) =>
        [(byte)((number << 3) | 2), .. content.Length < 128 ? (byte[])[(byte)content.Length] : [(byte)(content.Length | 0x80), (byte)(content.Length >> 7)], .. content];

    /// <summary>Returns a field that holds a small number.</summary>
    public static byte[] Number(int number, byte value) => [(byte)(number << 3), value];

    private byte[] Payload()
    {
        byte[] key = [.. Number(1, 2), .. Number(2, 1), .. Number(3, 2), .. Field(4, KeyBytes)];
        byte[] certified = [.. Field(1, key), .. Text(2, KeyVersion), .. Text(3, Purpose)];
        return [.. Field(1, certified), .. Text(2, PayloadVersion)];
    }

    private static byte[] Text(int number, string text) => Field(number, Encoding.UTF8.GetBytes(text));
}
