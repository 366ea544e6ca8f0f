namespace CleanRoom.Fuzz.Pieces;

/// <summary>How the bytes of a piece are written.</summary>
internal enum PieceKind
{
    /// <summary>Never used.</summary>
    None = 0,

    /// <summary>Put together from parts.</summary>
    Joined = 1,

    /// <summary>Any bytes.</summary>
    Binary = 2,

    /// <summary>Letters.</summary>
    Text = 3,

    /// <summary>A JSON number or literal.</summary>
    Literal = 4,
}
