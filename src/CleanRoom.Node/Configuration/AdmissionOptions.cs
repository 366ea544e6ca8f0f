namespace CleanRoom.Node.Configuration;

/// <summary>How much a node takes on. What is more is refused early, with the time after which it is worth asking again.</summary>
public sealed class AdmissionOptions
{
    /// <summary>Gets the requests of one member in a second, over a longer time; four times as many at once.</summary>
    /// <value>From 1. Default 50.</value>
    public int RequestsPerSecond { get; init; } = 50;

    /// <summary>Gets the requests of all members of one room in a second, over a longer time; four times as many at once.</summary>
    /// <value>From 1. Default 200.</value>
    public int RoomRequestsPerSecond { get; init; } = 200;

    /// <summary>Gets how many questions of one room are analysed at once: explained, submitted, shown on a twin. Eight times as many wait, of all
    /// members in turn.</summary>
    /// <value>From 1. Default 2.</value>
    public int AnalysesAtOnce { get; init; } = 2;

    /// <summary>Gets how many queries one member may follow at once.</summary>
    /// <value>From 1. Default 32.</value>
    public int StreamsOfMember { get; init; } = 32;

    /// <summary>Gets how many parts of uploads are written at once, over all rooms. Eight times as many wait unread.</summary>
    /// <value>From 1. Default 8.</value>
    public int PartsAtOnce { get; init; } = 8;

    /// <summary>Gets how many uploads of one room may be open: begun, and their token not at its end.</summary>
    /// <value>From 1. Default 64.</value>
    public int UploadsOpen { get; init; } = 64;

    /// <summary>Gets the most sealed bytes of one upload.</summary>
    /// <value>Bytes, from 1. Default 64 GiB.</value>
    public long UploadBytes { get; init; } = 64L << 30;

    /// <summary>Gets the most bytes of dataset versions that are kept for one room, in all, with those that come in.</summary>
    /// <value>Bytes, from 1. Default 512 GiB.</value>
    public long RoomBytes { get; init; } = 512L << 30;
}
