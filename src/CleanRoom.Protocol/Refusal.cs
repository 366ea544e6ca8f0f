namespace CleanRoom.Protocol;

/// <summary>Why something was refused: a stable code, what was wanted and what was got.</summary>
/// <param name="Code">Stable; the last part of <c>urn:cleanroom:error:&lt;code&gt;</c> in kebab case.</param>
/// <param name="Wanted">Lower case, names the rule and its value; no secret, no row value, no SQL literal.</param>
/// <param name="Got">Lower case, names what was found; no secret, no row value, no SQL literal.</param>
public sealed record Refusal(RefusalCode Code, string Wanted, string Got)
{
    /// <summary>Gets the code in kebab case, as in URLs and JSON.</summary>
    public string Slug => Code.Slug();

    /// <inheritdoc/>
    public override string ToString() => $"{Slug}: wanted {Wanted}; got {Got}";
}
