using System.Buffers.Binary;
using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Text;
using CleanRoom.TestKit.Certificates;
using Org.BouncyCastle.Asn1.X509;

namespace CleanRoom.Attestation.Tests.WindowsVbs;

/// <summary>A report of a VBS enclave on a host of the test PKI. The defaults are those of an honest one; tests change one thing at a time.</summary>
internal sealed record VbsMaker
{
    /// <summary>Where the statement begins in a package.</summary>
    public const int Statement = 24;

    private const string HealthPolicy = "1.3.6.1.4.1.311.48.1.2";
    private static readonly TestAuthority s_service = TestAuthority.Root("CN=made-up guardian", TestKey.Ec("P-256"));
    private static readonly TestKey s_enclaveKey = TestKey.Rsa2048();
    private static readonly TestKey s_sessionKey = TestKey.Ec("P-384");

    /// <summary>Gets the service that the verifier under test trusts.</summary>
    public static TestAuthority TrustedService => s_service;

    /// <summary>Gets the service that issues the host's certificate.</summary>
    public TestAuthority Service { get; init; } = s_service;

    /// <summary>Gets the policy in the host's certificate; null to leave it out.</summary>
    public string? Policy { get; init; } = HealthPolicy;

    /// <summary>Gets the key usage of the host's certificate.</summary>
    public int Usage { get; init; } = KeyUsage.DigitalSignature;

    /// <summary>Gets the last moment of the host's certificate.</summary>
    public DateTime NotAfter { get; init; } = new(2026, 6, 1, 8, 0, 0, DateTimeKind.Utc);

    /// <summary>Gets what the enclave chose; null for the digest of its key and zeros.</summary>
    public byte[]? Data { get; init; } = [.. Enumerable.Repeat((byte)0x5A, 64)];

    /// <summary>Gets the flags.</summary>
    public uint Flags { get; init; }

    /// <summary>Gets the security versions of enclave, secure kernel and platform.</summary>
    public (uint Enclave, uint Kernel, uint Platform) Svns { get; init; } = (3, 4, 5);

    /// <summary>Gets the kind of the module's record.</summary>
    public uint ModuleKind { get; init; } = 1;

    /// <summary>Gets the module's name with what stands behind it.</summary>
    public string ModuleName { get; init; } = "enclave.dll\0\0";

    /// <summary>Gets the key that the envelope shows.</summary>
    public TestKey ShownKey { get; init; } = s_enclaveKey;

    /// <summary>Gets the key that signs the session's key.</summary>
    public TestKey SessionSigner { get; init; } = s_enclaveKey;

    /// <summary>Gets how the host signs.</summary>
    public Func<byte[], byte[]> Sign { get; init; } = data => TestKey.SharedRsa.SignPss256(data);

    /// <summary>Returns the host's certificate, DER.</summary>
    public byte[] Health() => Service.Issue("CN=made-up host", TestKey.SharedRsa.Spki, new TestCertificateOptions
    {
        NotAfter = NotAfter,
        KeyUsage = Usage,
        Extensions = Policy is null ? [] : [("1.3.6.1.4.1.311.21.10", false, Policies(Policy))],
    });

    /// <summary>Returns the report package.</summary>
    public byte[] Package()
    {
        var statement = MakeStatement();
        var signature = Sign(statement);
        return [.. UInt32(Statement + statement.Length + signature.Length), .. UInt32(1), .. UInt32(1), .. UInt32(statement.Length), .. UInt32(signature.Length), .. UInt32(0), .. statement, .. signature];
    }

    /// <summary>Returns the envelope of SQL Server.</summary>
    public byte[] Envelope()
    {
        var (key, health, package) = (Blob(ShownKey), Health(), Package());
        byte[] session = [.. "ECK3"u8, .. UInt32(48), .. s_sessionKey.Point()];
        var signature = SessionSigner.Sign(session);
        byte[] rest = [.. new byte[8], .. UInt32(session.Length), .. UInt32(signature.Length), .. session, .. signature];
        return
        [
            .. UInt32(12 + key.Length + health.Length + package.Length), .. UInt32(key.Length), .. UInt32(health.Length), .. UInt32(package.Length),
            .. key, .. health, .. package, .. UInt32(rest.Length), .. rest,
        ];
    }

    private byte[] MakeStatement()
    {
        byte[] identity =
        [
            .. Fill(0x01, 32), .. Fill(0xE1, 32), .. Fill(0x03, 32), .. Fill(0x04, 16), .. Fill(0x05, 16),
            .. UInt32(Svns.Enclave), .. UInt32(Svns.Kernel), .. UInt32(Svns.Platform), .. UInt32(Flags), .. UInt32(2), .. UInt32(0),
        ];
        byte[] module = [.. Fill(0xE1, 32), .. Fill(0x03, 32), .. Fill(0x04, 16), .. Fill(0x05, 16), .. UInt32(Svns.Enclave), .. Encoding.Unicode.GetBytes(ModuleName)];
        byte[] data = Data ?? [.. SHA256.HashData(Blob(s_enclaveKey)), .. new byte[32]];
        byte[] rest = [.. UInt32(1), .. data, .. identity, .. UInt32(ModuleKind), .. UInt32(8 + module.Length), .. module];
        return [.. UInt32(4 + rest.Length), .. rest];
    }

    private static byte[] Blob(TestKey key)
    {
        var (modulus, exponent) = key.RsaNumbers();
        return [.. "RSA1"u8, .. UInt32(8 * modulus.Length), .. UInt32(exponent.Length), .. UInt32(modulus.Length), .. UInt32(0), .. UInt32(0), .. exponent, .. modulus];
    }

    private static byte[] Policies(string policy)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(policy);
        }

        return writer.Encode();
    }

    private static byte[] Fill(byte value, int count) => [.. Enumerable.Repeat(value, count)];

    private static byte[] UInt32(int value) => UInt32((uint)value);

    private static byte[] UInt32(uint value)
    {
        var bytes = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        return bytes;
    }
}
