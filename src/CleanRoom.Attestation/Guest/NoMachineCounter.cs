using CleanRoom.Cryptography;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.Guest;

/// <summary>A machine whose TEE keeps no counter. Every call is refused: a room that wants one stays read-only there.</summary>
/// <param name="reason">Why not, in words: the TEE's name and what it lacks.</param>
public sealed class NoMachineCounter(string reason) : IMachineCounter
{
    /// <inheritdoc/>
    public string Kind => "none";

    private Refusal Refusal => new(RefusalCode.Unavailable, "a machine whose tee keeps a counter", reason);

    /// <inheritdoc/>
    public ValueTask<Result<long>> CountFreeAsync(CancellationToken cancellationToken) => ValueTask.FromResult<Result<long>>(Refusal);

    /// <inheritdoc/>
    public ValueTask<Result<CounterReading>> ReadAsync(string log, SecretBytes key, CancellationToken cancellationToken) =>
        ValueTask.FromResult<Result<CounterReading>>(Refusal);

    /// <inheritdoc/>
    public ValueTask<Result<CounterReading>> MakeAsync(string log, SecretBytes key, CancellationToken cancellationToken) =>
        ValueTask.FromResult<Result<CounterReading>>(Refusal);

    /// <inheritdoc/>
    public ValueTask<Refusal?> WriteAsync(string log, SecretBytes key, Bytes mark, CancellationToken cancellationToken) =>
        ValueTask.FromResult<Refusal?>(Refusal);

    /// <inheritdoc/>
    public ValueTask<Refusal?> RaiseAsync(string log, SecretBytes key, CancellationToken cancellationToken) => ValueTask.FromResult<Refusal?>(Refusal);

    /// <inheritdoc/>
    public ValueTask<Refusal?> DeleteAsync(string log, CancellationToken cancellationToken) => ValueTask.FromResult<Refusal?>(null);
}
