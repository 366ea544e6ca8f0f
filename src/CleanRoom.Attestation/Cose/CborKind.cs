namespace CleanRoom.Attestation.Cose;

/// <summary>The kinds of CBOR items that tokens are made of. Floating point, undefined and other simple values are refused.</summary>
internal enum CborKind
{
    /// <summary>Never used.</summary>
    None = 0,

    Integer = 1,
    ByteString = 2,
    Text = 3,
    Array = 4,
    Map = 5,
    Tagged = 6,
    Null = 7,
    Boolean = 8,
}
