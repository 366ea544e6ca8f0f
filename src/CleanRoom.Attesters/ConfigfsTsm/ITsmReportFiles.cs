namespace CleanRoom.Attesters.ConfigfsTsm;

/// <summary>The files of <c>/sys/kernel/config/tsm/report</c>: an entry is a directory that the kernel fills with attributes.</summary>
/// <remarks>Errors are the kernel's: an <see cref="IOException"/> whose HResult is its number. Spec: Linux Documentation/ABI/testing/configfs-tsm-report.</remarks>
internal interface ITsmReportFiles
{
    /// <summary>Gets what it is, for messages: a path.</summary>
    string Name { get; }

    /// <summary>Makes an entry.</summary>
    void Make(string entry);

    /// <summary>Writes an attribute in one piece.</summary>
    void Write(string entry, string attribute, ReadOnlySpan<byte> value);

    /// <summary>Reads a whole attribute; null when this kernel or this TEE has none of that name.</summary>
    /// <exception cref="AttesterException">It is longer than <paramref name="maxBytes"/>.</exception>
    byte[]? Read(string entry, string attribute, int maxBytes);

    /// <summary>Removes an entry.</summary>
    void Remove(string entry);
}
