using System.Buffers.Binary;
using CleanRoom.Attesters.Tpm.Wire;

namespace CleanRoom.Attesters.Tests.Support;

/// <summary>Stands between client and TPM: may send commands of its own before one, and may change an answer.</summary>
internal sealed class InterposedTpm(ITpmTransport inner) : ITpmTransport
{
    public string Name => inner.Name;

    /// <summary>Called with the code of a command and a way to send others first.</summary>
    public Func<uint, Func<byte[], Task>, Task> Before { get; set; } = (_, _) => Task.CompletedTask;

    /// <summary>Called with the number of the command, from 1, its code and its answer.</summary>
    public Func<int, uint, byte[], byte[]> Answer { get; set; } = (_, _, answer) => answer;

    public int Commands { get; private set; }

    public async ValueTask<ITpmConnection> OpenAsync(CancellationToken cancellationToken) => new Connection(this, await inner.OpenAsync(cancellationToken));

    private sealed class Connection(InterposedTpm owner, ITpmConnection connection) : ITpmConnection
    {
        public async ValueTask<byte[]> ExchangeAsync(ReadOnlyMemory<byte> command, CancellationToken cancellationToken)
        {
            var code = BinaryPrimitives.ReadUInt32BigEndian(command.Span[6..]);
            await owner.Before(code, async bytes => await connection.ExchangeAsync(bytes, cancellationToken));
            return owner.Answer(++owner.Commands, code, await connection.ExchangeAsync(command, cancellationToken));
        }

        public ValueTask DisposeAsync() => connection.DisposeAsync();
    }
}
