namespace CleanRoom.Benchmarks.Rooms;

/// <summary>A node that runs in processes of its own: one, or the members of a cluster.</summary>
internal interface IServedNode : IDisposable
{
    /// <summary>Gets where it answers.</summary>
    string Address { get; }

    /// <summary>Gets the name of the build, as it says itself.</summary>
    string Build { get; }

    /// <summary>Gets the folder of its data.</summary>
    string Data { get; }

    /// <summary>Gets the ids of its own processes, without their engines.</summary>
    IReadOnlyList<int> Processes { get; }
}
