using CleanRoom.Protocol;

namespace CleanRoom.Portal.Shared;

/// <summary>A file that the person chose, read into the page.</summary>
public sealed class PickedFile(string name, Timestamp modified, byte[] bytes)
{
    /// <summary>Gets its name.</summary>
    public string Name { get; } = name;

    /// <summary>Gets when it was last changed, as the browser tells.</summary>
    public Timestamp Modified { get; } = modified;

    /// <summary>Gets its content.</summary>
    public byte[] Bytes { get; } = bytes;
}
