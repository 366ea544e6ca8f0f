using System.Formats.Asn1;
using CleanRoom.Attestation.AndroidKeyMint;
using CleanRoom.Protocol;
using CleanRoom.TestKit.Certificates;

namespace CleanRoom.Attestation.Tests.AndroidKeyMint;

/// <summary>An attested key of the test PKI. The defaults are those of an honest device; tests change one thing at a time.</summary>
internal sealed record KeyMintMaker
{
    private const string DeviceName = "CN=made-up device";
    private static readonly TestAuthority s_root = TestAuthority.Root("CN=made-up android root", TestKey.Ec("P-256"));
    private static readonly TestKey s_deviceKey = TestKey.Ec("P-256");

    /// <summary>Gets the root that the verifier under test trusts.</summary>
    public static TestAuthority TrustedRoot => s_root;

    /// <summary>Gets the attested key.</summary>
    public static TestKey Key { get; } = TestKey.Ec("P-256");

    /// <summary>Gets the root that issues the device's certificate.</summary>
    public TestAuthority Root { get; init; } = s_root;

    /// <summary>Gets the last moment of the device's certificate.</summary>
    public DateTime DeviceNotAfter { get; init; } = new(2027, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    /// <summary>Gets the level of the description: 0 software, 1 TEE, 2 StrongBox.</summary>
    public byte AttestationLevel { get; init; } = 1;

    /// <summary>Gets the level of the key.</summary>
    public byte KeyLevel { get; init; } = 1;

    /// <summary>Gets the challenge.</summary>
    public byte[] Challenge { get; init; } = [.. Enumerable.Repeat((byte)0x5A, 64)];

    /// <summary>Gets whether the boot loader is locked.</summary>
    public bool IsLocked { get; init; } = true;

    /// <summary>Gets the state of verified boot: 0 verified, 1 self-signed, 2 unverified, 3 failed.</summary>
    public byte BootState { get; init; }

    /// <summary>Gets the digest of the system; null to leave it out.</summary>
    public byte[]? BootHash { get; init; } = [.. Enumerable.Repeat((byte)0xB0, 32)];

    /// <summary>Gets the origin of the key: 0 generated, 2 imported.</summary>
    public int Origin { get; init; }

    /// <summary>Gets whether the system above, and not the hardware, says which system booted.</summary>
    public bool IsRootOfTrustInSoftware { get; init; }

    /// <summary>Gets the tags of the hardware's list, in the order in which they are written.</summary>
    public int[] Tags { get; init; } = [1, 702, 704, 705, 706, 718, 719];

    /// <summary>Gets whether the attested key's certificate may issue others.</summary>
    public bool IsAttestedCa { get; init; }

    /// <summary>Gets the last moment of the attested key's certificate. Long past, since a leaf's dates mean nothing.</summary>
    public DateTime KeyNotAfter { get; init; } = new(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    /// <summary>Returns the device's certificate, DER.</summary>
    public byte[] Device() => Authority().Der;

    /// <summary>Returns the attested key's certificate, DER.</summary>
    public byte[] Leaf() => Attested().Der;

    /// <summary>Returns a certificate that the attested key signed, with an extension that its holder made up.</summary>
    public byte[] Below(KeyMintMaker claimed) => Attested().Issue("CN=below", TestKey.Ec("P-256").Spki, Options(claimed.Description()));

    /// <summary>Returns the chain.</summary>
    public Bytes Make() => new([.. Leaf(), .. Device(), .. Root.Der]);

    /// <summary>Returns the content of the extension.</summary>
    public byte[] Description()
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteInteger(200);
            writer.WriteEncodedValue([0x0A, 1, AttestationLevel]);
            writer.WriteInteger(200);
            writer.WriteEncodedValue([0x0A, 1, KeyLevel]);
            writer.WriteOctetString(Challenge);
            writer.WriteOctetString([]);
            using (writer.PushSequence())
            {
                if (IsRootOfTrustInSoftware)
                {
                    Write(writer, 704);
                }

                Write(writer, 709);
            }

            using (writer.PushSequence())
            {
                foreach (var tag in Tags.Where(tag => tag != 704 || !IsRootOfTrustInSoftware))
                {
                    Write(writer, tag);
                }
            }
        }

        return writer.Encode();
    }

    private TestAuthority Authority() => Root.Intermediate(
        DeviceName, s_deviceKey, new TestCertificateOptions { IsCa = true, NotAfter = DeviceNotAfter, Serial = Org.BouncyCastle.Math.BigInteger.ValueOf(0xABCDEF) });

    private TestAuthority Attested() => Authority().Intermediate("CN=Android Keystore Key", Key, Options(Description()) with { IsCa = IsAttestedCa });

    private TestCertificateOptions Options(byte[] description) => new()
    {
        NotBefore = new DateTime(1970, 1, 1, 0, 0, 0, DateTimeKind.Utc),
        NotAfter = KeyNotAfter,
        Extensions = [(KeyDescription.Oid, false, description)],
    };

    private void Write(AsnWriter writer, int tag)
    {
        using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, tag)))
        {
            switch (tag)
            {
                case 1:
                    using (writer.PushSetOf())
                    {
                        writer.WriteInteger(2);
                    }

                    break;
                case 704:
                    WriteRootOfTrust(writer);
                    break;
                case 709:
                    writer.WriteOctetString([1, 2, 3]);
                    break;
                default:
                    writer.WriteInteger(tag switch { 702 => Origin, 705 => 160_000, 706 => 202_605, _ => 20_260_501 });
                    break;
            }
        }
    }

    private void WriteRootOfTrust(AsnWriter writer)
    {
        using (writer.PushSequence())
        {
            writer.WriteOctetString([.. Enumerable.Repeat((byte)0xBB, 32)]);
            writer.WriteBoolean(IsLocked);
            writer.WriteEncodedValue([0x0A, 1, BootState]);
            if (BootHash is { } hash)
            {
                writer.WriteOctetString(hash);
            }
        }
    }
}
