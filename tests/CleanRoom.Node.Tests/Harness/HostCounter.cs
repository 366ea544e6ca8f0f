using CleanRoom.Attestation.Guest;
using CleanRoom.Cryptography;
using CleanRoom.Protocol;

namespace CleanRoom.Node.Tests.Harness;

/// <summary>A counter whose machine can lose its power before or after any step of it.</summary>
internal sealed class HostCounter(IMachineCounter inner, HostHooks hooks) : IMachineCounter
{
    public string Kind => inner.Kind;

    /// <summary>Gets the steps that were taken, in order.</summary>
    public List<string> Steps { get; } = [];

    public ValueTask<Result<long>> CountFreeAsync(CancellationToken cancellationToken) => inner.CountFreeAsync(cancellationToken);

    public async ValueTask<Result<CounterReading>> ReadAsync(string log, SecretBytes key, CancellationToken cancellationToken) =>
        await StepAsync("read counter", () => inner.ReadAsync(log, key, cancellationToken).AsTask());

    public async ValueTask<Result<CounterReading>> MakeAsync(string log, SecretBytes key, CancellationToken cancellationToken) =>
        await StepAsync("make counter", () => inner.MakeAsync(log, key, cancellationToken).AsTask());

    public async ValueTask<Refusal?> WriteAsync(string log, SecretBytes key, Bytes mark, CancellationToken cancellationToken) =>
        await StepAsync("write mark", () => inner.WriteAsync(log, key, mark, cancellationToken).AsTask());

    public async ValueTask<Refusal?> RaiseAsync(string log, SecretBytes key, CancellationToken cancellationToken) =>
        await StepAsync("raise counter", () => inner.RaiseAsync(log, key, cancellationToken).AsTask());

    public async ValueTask<Refusal?> DeleteAsync(string log, CancellationToken cancellationToken) =>
        await StepAsync("delete counter", () => inner.DeleteAsync(log, cancellationToken).AsTask());

    private Task<T> StepAsync<T>(string step, Func<Task<T>> take)
    {
        Steps.Add(step);
        return hooks.RunAsync(step, take);
    }
}
