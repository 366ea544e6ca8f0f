namespace CleanRoom.Datasets.Check;

/// <summary>Reads the text of a type whose values are numbers. One type for each, so that the compiler makes a loop of its own for each.</summary>
internal interface INumberForm
{
    /// <summary>Reads a text.</summary>
    static abstract LexicalFit Read(ReadOnlySpan<byte> text, int scale, out long number, out bool isRounded);
}

/// <summary>boolean.</summary>
internal readonly struct BooleanForm : INumberForm
{
    /// <inheritdoc/>
    public static LexicalFit Read(ReadOnlySpan<byte> text, int scale, out long number, out bool isRounded)
    {
        isRounded = false;
        return LexicalForms.ReadBoolean(text, out number);
    }
}

/// <summary>int32.</summary>
internal readonly struct Int32Form : INumberForm
{
    /// <inheritdoc/>
    public static LexicalFit Read(ReadOnlySpan<byte> text, int scale, out long number, out bool isRounded)
    {
        isRounded = false;
        return LexicalForms.ReadInteger(text, int.MinValue, int.MaxValue, out number);
    }
}

/// <summary>int64.</summary>
internal readonly struct Int64Form : INumberForm
{
    /// <inheritdoc/>
    public static LexicalFit Read(ReadOnlySpan<byte> text, int scale, out long number, out bool isRounded)
    {
        isRounded = false;
        return LexicalForms.ReadInteger(text, long.MinValue, long.MaxValue, out number);
    }
}

/// <summary>decimal.</summary>
internal readonly struct DecimalForm : INumberForm
{
    /// <inheritdoc/>
    public static LexicalFit Read(ReadOnlySpan<byte> text, int scale, out long number, out bool isRounded) =>
        LexicalForms.ReadDecimal(text, scale, out number, out isRounded);
}

/// <summary>date.</summary>
internal readonly struct DateForm : INumberForm
{
    /// <inheritdoc/>
    public static LexicalFit Read(ReadOnlySpan<byte> text, int scale, out long number, out bool isRounded)
    {
        isRounded = false;
        return LexicalForms.ReadDate(text, out number);
    }
}

/// <summary>timestamp.</summary>
internal readonly struct TimestampForm : INumberForm
{
    /// <inheritdoc/>
    public static LexicalFit Read(ReadOnlySpan<byte> text, int scale, out long number, out bool isRounded)
    {
        isRounded = false;
        return LexicalForms.ReadTimestamp(text, out number);
    }
}
