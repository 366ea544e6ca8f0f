namespace CleanRoom.Storage.Objects;

/// <summary>What an object belongs to. Names are unique within a container.</summary>
public enum ObjectContainer
{
    /// <summary>Never used.</summary>
    None = 0,

    /// <summary>Parts as owners uploaded them.</summary>
    Uploads = 1,

    /// <summary>Datasets after ingest, sealed under the storage key; and sealed state.</summary>
    Derived = 2,

    /// <summary>Result blobs.</summary>
    Results = 3,
}

/// <summary>Text forms of <see cref="ObjectContainer"/>.</summary>
public static class ObjectContainers
{
    /// <summary>Returns the name of the container in stores.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is none of the three.</exception>
    public static string Slug(this ObjectContainer container) => container switch
    {
        ObjectContainer.Uploads => "uploads",
        ObjectContainer.Derived => "derived",
        ObjectContainer.Results => "results",
        _ => throw new ArgumentOutOfRangeException(nameof(container), container, "wanted uploads, derived or results"),
    };
}
