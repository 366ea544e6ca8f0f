using CleanRoom.Cryptography;
using CleanRoom.Cryptography.Sealing;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.Guest;

/// <summary>A counter for each log that only goes up, with a few bytes beside it, kept by the machine's TEE outside of every disk. Guest only.</summary>
/// <remarks>
/// MUST answer from the device at every call. MUST NOT let anything but the log's key read, raise or write; the machine's operator can delete both, and
/// then a counter that is made anew MUST begin above every counter that the device ever had. A device that fails is a refusal, never an exception.
/// Safe for concurrent calls. Spec: contracts/spec/0022.
/// </remarks>
public interface IMachineCounter
{
    /// <summary>Gets what keeps it, for refusals and for <c>doctor</c>.</summary>
    string Kind { get; }

    /// <summary>Says how many more counters the machine can keep.</summary>
    ValueTask<Result<long>> CountFreeAsync(CancellationToken cancellationToken);

    /// <summary>Reads a log's counter and the bytes beside it.</summary>
    /// <param name="log">The log's id.</param>
    /// <param name="key">32 bytes that the counter was made with. The caller still disposes it.</param>
    /// <param name="cancellationToken">Stops before the next command to the device.</param>
    ValueTask<Result<CounterReading>> ReadAsync(string log, SecretBytes key, CancellationToken cancellationToken);

    /// <summary>Makes a log's counter, or what is missing of it.</summary>
    /// <inheritdoc cref="ReadAsync"/>
    ValueTask<Result<CounterReading>> MakeAsync(string log, SecretBytes key, CancellationToken cancellationToken);

    /// <summary>Writes the bytes beside the counter: <see cref="CounterReading.MarkBytes"/> of them, all or none.</summary>
    /// <inheritdoc cref="ReadAsync"/>
    ValueTask<Refusal?> WriteAsync(string log, SecretBytes key, Bytes mark, CancellationToken cancellationToken);

    /// <summary>Raises the counter by one.</summary>
    /// <inheritdoc cref="ReadAsync"/>
    ValueTask<Refusal?> RaiseAsync(string log, SecretBytes key, CancellationToken cancellationToken);

    /// <summary>Deletes counter and bytes, when there are any.</summary>
    ValueTask<Refusal?> DeleteAsync(string log, CancellationToken cancellationToken);
}

/// <summary>What a machine's counter says of a log.</summary>
/// <param name="IsMade">There is a counter, and there are places for the bytes beside it.</param>
/// <param name="Count">Its value; 0 without one.</param>
/// <param name="Mark">The bytes beside it; empty when none were written yet.</param>
public sealed record CounterReading(bool IsMade, ulong Count, Bytes Mark)
{
    /// <summary>Bytes beside a counter.</summary>
    public const int MarkBytes = CounterMark.Length;

    /// <summary>Gets what is read where there is no counter.</summary>
    public static CounterReading None { get; } = new(IsMade: false, 0, default);
}
