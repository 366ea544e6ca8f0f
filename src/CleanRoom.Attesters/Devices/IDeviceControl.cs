namespace CleanRoom.Attesters.Devices;

/// <summary>A character device that answers requests with a structure.</summary>
/// <remarks>MUST be safe for concurrent calls: each call has an opener of its own.</remarks>
internal interface IDeviceControl
{
    /// <summary>Gets what it is, for messages: a path.</summary>
    string Name { get; }

    /// <summary>Sends one request.</summary>
    /// <param name="request">The number, as the kernel's _IOWR makes it.</param>
    /// <param name="argument">The address of the structure, which may hold addresses itself. All of them stay where they are during the call.</param>
    /// <returns>Zero, or the kernel's error number.</returns>
    /// <exception cref="AttesterException">The device cannot be opened.</exception>
    int Control(uint request, nint argument);
}
