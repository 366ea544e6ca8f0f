using CleanRoom.Protocol;

namespace CleanRoom.Grains.Datasets;

/// <summary>The store does not hold a part as its owner sealed it. The owner's file is not at fault: nothing is said about it.</summary>
/// <param name="refusal">Which part, what was wanted, what was got.</param>
internal sealed class PartRefusedException(Refusal refusal) : IOException(refusal.ToString())
{
    /// <summary>Gets which part, what was wanted, what was got.</summary>
    public Refusal Refusal { get; } = refusal;
}
