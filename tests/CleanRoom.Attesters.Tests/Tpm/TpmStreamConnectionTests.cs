using CleanRoom.Attesters.Tpm.Wire;

namespace CleanRoom.Attesters.Tests.Tpm;

public class TpmStreamConnectionTests
{
    private static readonly byte[] _answer = [0x80, 0x01, 0, 0, 0, 12, 0, 0, 0, 0, 7, 8];

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(100)]
    public async Task Answer_may_come_in_pieces(int piece) => (await ExchangeAsync(_answer, piece)).Should().Equal(_answer);

    [Theory]
    [InlineData("")]
    [InlineData("8001")]
    [InlineData("80010000000c0000000007")]
    [InlineData("800100000009000000000708")]
    [InlineData("8001000010010000000007" + "08")]
    [InlineData("8001ffffffff00000000")]
    [InlineData("80010000000b000000000708")]
    public async Task Answer_of_another_length_than_it_says_is_refused(string answer)
    {
        var exchange = async () => await ExchangeAsync(Convert.FromHexString(answer), piece: 100);

        await exchange.Should().ThrowAsync<AttesterException>();
    }

    private static async Task<byte[]> ExchangeAsync(byte[] answer, int piece)
    {
        await using var connection = new TpmStreamConnection(new Pieces(answer, piece), "stand-in");
        return await connection.ExchangeAsync(new byte[10], TestContext.Current.CancellationToken);
    }

    private sealed class Pieces(byte[] answer, int piece) : MemoryStream
    {
        private int _at;

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => ValueTask.CompletedTask;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var count = Math.Min(Math.Min(piece, answer.Length - _at), buffer.Length);
            answer.AsMemory(_at, count).CopyTo(buffer);
            _at += count;
            return ValueTask.FromResult(count);
        }
    }
}
