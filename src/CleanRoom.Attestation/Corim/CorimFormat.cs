namespace CleanRoom.Attestation.Corim;

/// <summary>Numbers of draft-ietf-rats-corim and names of the profile. Spec: contracts/spec/attestation/corim.md.</summary>
internal static class CorimFormat
{
    public const int MaxBytes = 1024 * 1024;
    public const int MaxTags = 64;
    public const int MaxTuples = 256;
    public const int MaxMeasurements = 64;
    public const int MaxAnchors = 64;
    public const int MaxNameCharacters = 63;
    public const int MaxTextCharacters = 1024;
    public const int MaxValueBytes = 512;

    public const string Profile = "urn:cleanroom:corim:1";
    public const string MeasurementKey = "measurement";
    public const string DebugKey = "debug";
    public const string ClaimPrefix = "claim.";
    public const string TcbPrefix = "tcb.";
    public const string AnyChip = "any";

    // Tags.
    public const ulong UnsignedCorim = 501;
    public const ulong ConciseMid = 506;
    public const ulong MinimumSvn = 553;
    public const ulong KeyThumbprint = 557;
    public const ulong TaggedBytes = 560;
    public const ulong UriTag = 32;

    // corim-map, concise-mid-tag and triples-map.
    public const int CorimId = 0;
    public const int CorimTags = 1;
    public const int CorimProfile = 3;
    public const int CorimEntities = 5;
    public const int MidLanguage = 0;
    public const int MidIdentity = 1;
    public const int MidEntities = 2;
    public const int MidTriples = 4;
    public const int ReferenceTriples = 0;

    // environment-map and class-map.
    public const int EnvironmentClass = 0;
    public const int EnvironmentInstance = 1;
    public const int ClassModel = 2;

    // measurement-map, measurement-values-map and flags-map.
    public const int MeasurementName = 0;
    public const int MeasurementValues = 1;
    public const int AuthorizedBy = 2;
    public const int ValueSvn = 1;
    public const int ValueDigests = 2;
    public const int ValueFlags = 3;
    public const int ValueRaw = 4;
    public const int FlagDebug = 3;

    /// <summary>The algorithm of an anchor: SHA-256.</summary>
    public const int Sha256 = 1;

    /// <summary>Returns the number of the SHA-2 of a length in bytes; 0 for none. Spec: IANA Named Information Hash Algorithm Registry.</summary>
    public static int AlgorithmOf(int length) => length switch
    {
        32 => Sha256,
        48 => 7,
        64 => 8,
        _ => 0,
    };

    /// <summary>Returns whether a name is letters, digits, dots and hyphens, 1 to 63 of them.</summary>
    public static bool IsName(string name) =>
        name.Length is >= 1 and <= MaxNameCharacters && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-');

    /// <summary>Returns whether a value is lower-case hex of 1 to 512 bytes.</summary>
    public static bool IsHex(string value) =>
        value.Length is >= 2 and <= 2 * MaxValueBytes && value.Length % 2 == 0 && value.All(char.IsAsciiHexDigitLower);
}
