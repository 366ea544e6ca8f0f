using CleanRoom.Attestation.Guest;
using CleanRoom.Cryptography;
using CleanRoom.Protocol;

namespace CleanRoom.Node.Tests.Harness;

/// <summary>What a TPM keeps of logs, without one: it outlives the nodes of a test.</summary>
internal sealed class MemoryCounter : IMachineCounter
{
    private readonly Dictionary<string, CounterReading> _logs = [];
    private ulong _highest = 100;

    public string Kind => "memory";

    /// <summary>Gets or sets why the device does not answer; null while it does.</summary>
    public Refusal? Absent { get; set; }

    /// <summary>Gets how many logs have a counter.</summary>
    public int Count => _logs.Count;

    /// <summary>What another program of the machine could do that knows the key.</summary>
    public void Set(string log, CounterReading reading) => _logs[log] = reading;

    public ValueTask<Result<long>> CountFreeAsync(CancellationToken cancellationToken) => ValueTask.FromResult<Result<long>>(8 - _logs.Count);

    public ValueTask<Result<CounterReading>> ReadAsync(string log, SecretBytes key, CancellationToken cancellationToken) =>
        ValueTask.FromResult<Result<CounterReading>>(Absent is { } absent ? absent : _logs.GetValueOrDefault(log, CounterReading.None));

    public ValueTask<Result<CounterReading>> MakeAsync(string log, SecretBytes key, CancellationToken cancellationToken)
    {
        if (Absent is null)
        {
            _logs.TryAdd(log, new CounterReading(true, ++_highest, default));
        }

        return ReadAsync(log, key, cancellationToken);
    }

    public ValueTask<Refusal?> WriteAsync(string log, SecretBytes key, Bytes mark, CancellationToken cancellationToken) =>
        Change(log, reading => reading with { Mark = mark });

    public ValueTask<Refusal?> RaiseAsync(string log, SecretBytes key, CancellationToken cancellationToken) =>
        Change(log, reading => reading with { Count = reading.Count + 1 });

    public ValueTask<Refusal?> DeleteAsync(string log, CancellationToken cancellationToken)
    {
        _logs.Remove(log);
        return ValueTask.FromResult(Absent);
    }

    private ValueTask<Refusal?> Change(string log, Func<CounterReading, CounterReading> change)
    {
        if (Absent is null)
        {
            _logs[log] = change(_logs[log]);
        }

        return ValueTask.FromResult(Absent);
    }
}
