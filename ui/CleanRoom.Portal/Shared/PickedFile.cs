namespace CleanRoom.Portal.Shared;

/// <summary>A file that the person chose, read into the page.</summary>
public sealed class PickedFile(string name, byte[] bytes)
{
    /// <summary>Gets its name.</summary>
    public string Name { get; } = name;

    /// <summary>Gets its content.</summary>
    public byte[] Bytes { get; } = bytes;
}
