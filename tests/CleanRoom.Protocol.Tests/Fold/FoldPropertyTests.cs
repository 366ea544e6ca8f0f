using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Fold;
using CleanRoom.Protocol.Ledger;
using CleanRoom.TestKit.Collaborations;
using CsCheck;

namespace CleanRoom.Protocol.Tests.Fold;

/// <summary>Whatever is done to the rows of a ledger, a refold refuses it or ends in another root.</summary>
public sealed class FoldPropertyTests
{
    private static readonly LedgerRow[] _rows = [.. TestStages.Receipted.Rows];
    private static readonly CollaborationState[] _before = States();
    private static readonly Digest _root = TestStages.Receipted.State.Log.Root;
    private static readonly Gen<int> _index = Gen.Int[0, _rows.Length - 1];

    [Fact]
    public void Row_with_a_bit_flipped_is_refused_or_changes_the_root() =>
        Gen.Select(_index, Gen.Int[0, 1_000_000], Gen.Int[0, 7]).Sample(
            (index, place, bit) =>
            {
                var bytes = RowCodec.Encode(_rows[index]);
                bytes[place % bytes.Length] ^= (byte)(1 << bit);
                return IsNoticed(index, RowCodec.Parse(bytes), _rows.AsSpan(index + 1));
            },
            iter: 2_000);

    [Fact]
    public void Statement_with_a_bit_flipped_is_refused() =>
        Gen.Select(_index, Gen.Int[0, 1_000_000], Gen.Int[0, 7]).Sample(
            (index, place, bit) =>
            {
                var envelope = _rows[index].Envelope;
                var payload = envelope.Payload.ToArray();
                payload[place % payload.Length] ^= (byte)(1 << bit);
                return !LedgerFold.Apply(_before[index], _rows[index] with { Envelope = envelope with { Payload = new Bytes(payload) } }, TestRoom.Services).IsAccepted;
            },
            iter: 1_000);

    [Fact]
    public void Dropped_row_is_noticed_also_when_the_rest_is_numbered_anew() =>
        Gen.Int[0, _rows.Length - 2].Sample(index =>
        {
            LedgerRow[] rest = [.. _rows[(index + 1)..]];
            return IsNoticed(index, rest[0], rest.AsSpan(1)) && IsNoticed(index, Renumbered(rest[0], index), Renumbered(rest[1..], index + 1));
        });

    [Fact]
    public void Swapped_rows_are_noticed_also_when_they_are_numbered_anew() =>
        Gen.Select(_index, _index).Where(pair => pair.Item1 < pair.Item2).Sample((first, second) =>
        {
            LedgerRow[] swapped = [.. _rows];
            (swapped[first], swapped[second]) = (swapped[second], swapped[first]);
            return IsNoticed(first, swapped[first], swapped.AsSpan(first + 1))
                && IsNoticed(first, Renumbered(swapped[first], first), Renumbered(swapped[(first + 1)..], first + 1));
        });

    [Fact]
    public void Duplicated_row_is_noticed_also_when_the_rest_is_numbered_anew() =>
        Gen.Select(_index, _index).Where(pair => pair.Item1 < pair.Item2).Sample((first, at) =>
        {
            LedgerRow[] tail = [_rows[first], .. _rows[at..]];
            return IsNoticed(at, tail[0], tail.AsSpan(1)) && IsNoticed(at, Renumbered(tail[0], at), Renumbered(tail[1..], at + 1));
        });

    [Fact]
    public void Row_signed_by_another_known_key_is_refused_or_changes_the_root() =>
        Gen.Select(_index, Gen.Int[0, TestPeople.All.Length - 1]).Sample(
            (index, person) =>
            {
                var envelope = _rows[index].Envelope;
                var signed = TestPeople.All[person].Key.Sign(envelope.PayloadType, envelope.Payload.ToArray());
                return signed.Signatures[0].KeyId == envelope.Signatures[0].KeyId
                    || IsNoticed(index, _rows[index] with { Envelope = signed }, _rows.AsSpan(index + 1));
            },
            iter: 200);

    [Theory]
    [InlineData(-1)]
    [InlineData(-100_000)]
    public void Row_whose_time_goes_back_is_refused(int milliseconds)
    {
        for (var index = 1; index < _rows.Length; index++)
        {
            var earlier = _rows[index] with { Time = _rows[index - 1].Time.Plus(TimeSpan.FromMilliseconds(milliseconds)) };

            LedgerFold.Apply(_before[index], earlier, TestRoom.Services).Refusals[0].Code.Should().Be(RefusalCode.ClockWrong);
        }
    }

    [Fact]
    public void Row_at_the_same_time_as_the_one_before_is_accepted()
    {
        var frozen = TestRoom.Empty;
        foreach (var row in TestStages.Active.Rows)
        {
            frozen = frozen.Append(row.Envelope).At(TestRoom.Empty.Now);
        }

        frozen.State.ActiveContract.Should().Be(DocumentCodec.DigestOf(TestContracts.First));
    }

    [Fact]
    public void Payload_that_is_no_document_is_refused_and_never_throws() =>
        Gen.Byte.Array[0, 200].Sample(
            payload =>
            {
                var room = TestStages.Active;
                return !room.Try(TestPeople.Ada.Key.Sign("application/vnd.cleanroom.query.v1+json", payload)).IsAccepted
                    && !room.Try(TestPeople.Ada.Key.Sign(DocumentCodec.ReceiptPayloadType, payload)).IsAccepted;
            },
            iter: 200);

    private static bool IsNoticed(int index, Result<LedgerRow> changed, ReadOnlySpan<LedgerRow> rest)
    {
        if (!changed.TryGet(out var row, out _) || !LedgerFold.Apply(_before[index], row, TestRoom.Services).TryGet(out var state, out _))
        {
            return true;
        }

        foreach (var next in rest)
        {
            if (!LedgerFold.Apply(state, next, TestRoom.Services).TryGet(out var after, out _))
            {
                return true;
            }

            state = after;
        }

        return state.Log.Root != _root;
    }

    private static LedgerRow Renumbered(LedgerRow row, int sequence) =>
        row with { Sequence = sequence, Time = TestStages.Receipted.Now.Plus(TimeSpan.FromSeconds(sequence)) };

    private static LedgerRow[] Renumbered(LedgerRow[] rows, int from) => [.. rows.Select((row, offset) => Renumbered(row, from + offset))];

    private static CollaborationState[] States()
    {
        var states = new CollaborationState[_rows.Length];
        var state = CollaborationState.Empty;
        for (var i = 0; i < _rows.Length; i++)
        {
            states[i] = state;
            state = LedgerFold.Apply(state, _rows[i], TestRoom.Services).Value;
        }

        return states;
    }
}
