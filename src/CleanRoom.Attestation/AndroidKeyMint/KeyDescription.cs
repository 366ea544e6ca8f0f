using System.Formats.Asn1;
using CleanRoom.Attestation.Certificates;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.AndroidKeyMint;

/// <summary>What Android's key store says about a key in the extension of its certificate. Nothing is known about who said it.</summary>
/// <remarks>Spec: Android, "Key and ID attestation", KeyDescription. DER alone is read: another encoding could be read in two ways.</remarks>
internal sealed record KeyDescription
{
    /// <summary>The extension's object identifier.</summary>
    public const string Oid = "1.3.6.1.4.1.11129.2.1.17";

    /// <summary>The key, or its description, was made by software of the system.</summary>
    public const string Software = "software";

    private const string TrustedEnvironment = "tee";
    private const string StrongBox = "strongbox";

    /// <summary>Most bytes that a caller may have attested (KeyMint, ATTESTATION_CHALLENGE).</summary>
    private const int MaxChallengeBytes = 128;

    /// <summary>Gets the version of the form.</summary>
    public required int Version { get; init; }

    /// <summary>Gets who made the description: <c>software</c>, <c>tee</c> or <c>strongbox</c>.</summary>
    public required string AttestationLevel { get; init; }

    /// <summary>Gets the version of the key store.</summary>
    public required int KeyMintVersion { get; init; }

    /// <summary>Gets where the key is: <c>software</c>, <c>tee</c> or <c>strongbox</c>.</summary>
    public required string KeyLevel { get; init; }

    /// <summary>Gets the bytes that the caller had attested, at most 128.</summary>
    public required Bytes Challenge { get; init; }

    /// <summary>Gets what the system above the trusted hardware says.</summary>
    public required AuthorizationList SoftwareEnforced { get; init; }

    /// <summary>Gets what the trusted hardware says.</summary>
    public required AuthorizationList HardwareEnforced { get; init; }

    /// <summary>Reads the extension's content. Trust: attacker-controlled. Null for another form.</summary>
    public static KeyDescription? Parse(ReadOnlySpan<byte> der)
    {
        var bytes = der.ToArray();
        return Asn1Guard.Read(() => Read(new AsnReader(bytes, AsnEncodingRules.DER)));
    }

    /// <summary>Reads a number that is not negative; throws otherwise.</summary>
    public static int Number(AsnReader reader) =>
        reader.TryReadInt32(out var number) && number >= 0 ? number : throw new FormatException("wanted a number");

    /// <summary>Reads an enumerated value of one byte; throws otherwise.</summary>
    public static int Enumerated(AsnReader reader) =>
        reader.ReadEnumeratedBytes().Span is [<= 0x7F and var value] ? value : throw new FormatException("wanted an enumerated value");

    private static KeyDescription Read(AsnReader outer)
    {
        var reader = outer.ReadSequence();
        outer.ThrowIfNotEmpty();
        var (version, attestationLevel) = (Number(reader), Level(reader));
        var (keyMintVersion, keyLevel) = (Number(reader), Level(reader));
        var challenge = new Bytes(reader.ReadOctetString());

        // The unique id names the device to applications of one maker. It is nobody's business here.
        reader.ReadOctetString();
        var (software, hardware) = (AuthorizationList.Read(reader), AuthorizationList.Read(reader));
        reader.ThrowIfNotEmpty();
        return challenge.Length > MaxChallengeBytes
            ? throw new FormatException("wanted a challenge of at most 128 bytes")
            : new KeyDescription
            {
                Version = version,
                AttestationLevel = attestationLevel,
                KeyMintVersion = keyMintVersion,
                KeyLevel = keyLevel,
                Challenge = challenge,
                SoftwareEnforced = software,
                HardwareEnforced = hardware,
            };
    }

    private static string Level(AsnReader reader) => Enumerated(reader) switch
    {
        0 => Software,
        1 => TrustedEnvironment,
        2 => StrongBox,
        _ => throw new FormatException("wanted a security level"),
    };
}
