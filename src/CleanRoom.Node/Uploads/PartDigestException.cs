using CleanRoom.Protocol;

namespace CleanRoom.Node.Uploads;

/// <summary>A part's bytes are not those that its name promises.</summary>
/// <param name="got">What they have instead.</param>
internal sealed class PartDigestException(Digest got) : Exception($"the part has SHA-256 {got}")
{
    /// <summary>Gets the SHA-256 of what came.</summary>
    public Digest Got { get; } = got;
}
