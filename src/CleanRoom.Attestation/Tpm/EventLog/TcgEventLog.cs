using System.Collections.Immutable;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.Tpm.EventLog;

/// <summary>A firmware's log whose form is right: TCG2 crypto-agile, SHA-1 alone, or the CCEL of a TDX guest.</summary>
/// <remarks>Trust: attacker-controlled. What it says counts only after <see cref="Replay"/> gives the values of a quote.</remarks>
/// <param name="algorithms">TPM_ALG_ID of the banks that every event has a digest of.</param>
/// <param name="events">In order.</param>
internal sealed class TcgEventLog(ImmutableArray<ushort> algorithms, ImmutableArray<TcgEvent> events)
{
    private static readonly byte[] s_startupLocality = [.. "StartupLocality\0"u8];

    /// <summary>Gets the banks.</summary>
    public ImmutableArray<ushort> Algorithms => algorithms;

    /// <summary>Gets the events in order.</summary>
    public ImmutableArray<TcgEvent> Events => events;

    /// <summary>Returns the value of each register that has events in the log: every digest extended in order.</summary>
    /// <param name="algorithm">One of <see cref="Algorithms"/>.</param>
    public ImmutableSortedDictionary<int, Bytes> Replay(ushort algorithm)
    {
        var registers = new SortedDictionary<int, byte[]>();
        foreach (var one in events.Where(one => one.IsExtended))
        {
            var value = registers.GetValueOrDefault(one.Register) ?? Start(one.Register, algorithm);
            registers[one.Register] = LogHash.Of(algorithm, [.. value, .. one.Digests[algorithm].Span]);
        }

        return registers.ToImmutableSortedDictionary(register => register.Key, register => new Bytes(register.Value));
    }

    /// <summary>Register 0 starts with the locality that started the TPM, when the log names one.</summary>
    private byte[] Start(int register, ushort algorithm)
    {
        var value = new byte[LogHash.Bytes(algorithm)];
        var locality = register == 0
            ? events.FirstOrDefault(one => !one.IsExtended && one.Data.Length == s_startupLocality.Length + 1 && one.Data.Span.StartsWith(s_startupLocality))
            : null;
        value[^1] = locality?.Data.Span[^1] ?? 0;
        return value;
    }
}
