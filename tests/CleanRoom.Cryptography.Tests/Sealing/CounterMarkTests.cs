using System.Globalization;
using System.Text.Json.Nodes;
using CleanRoom.Cryptography.Keys;
using CleanRoom.Cryptography.Sealing;
using CleanRoom.Cryptography.Tests.Support;
using CleanRoom.Protocol;

namespace CleanRoom.Cryptography.Tests.Sealing;

public sealed class CounterMarkTests
{
    private static readonly JsonNode _vector = Vectors.Own("counter.json");

    private static string Collaboration => _vector["collaboration"].Text();

    [Fact]
    public void Derive_worked_keys_are_reproduced()
    {
        using var bytes = _vector["secret"].Secret();
        using var secret = CollaborationSecret.Import(bytes);
        using var key = secret.DeriveCounterKey();
        using var markKey = secret.DeriveCounterMarkKey();

        key.Span.ToArray().Should().Equal(_vector["counterKey"].Hex());
        markKey.Span.ToArray().Should().Equal(_vector["counterMarkKey"].Hex());
    }

    [Fact]
    public void Write_and_Open_worked_mark()
    {
        using var key = _vector["counterMarkKey"].Secret();
        var mark = new CounterMark(
            ulong.Parse(_vector["count"]!.ToString(), CultureInfo.InvariantCulture),
            long.Parse(_vector["size"]!.ToString(), CultureInfo.InvariantCulture),
            Digest.Parse(_vector["root"].Text()));

        mark.Write(key, Collaboration).Should().Be(_vector["mark"].HexBytes());
        CounterMark.Open(key, Collaboration, _vector["mark"].Hex()).Value.Should().Be(mark);
    }

    [Fact]
    public void Open_worked_failures_another_room_and_another_key_are_refused()
    {
        using var key = _vector["counterMarkKey"].Secret();
        using var other = SecretBytes.Random(32);

        foreach (var (name, bytes) in _vector["refused"]!.AsObject())
        {
            CounterMark.Open(key, Collaboration, bytes.Hex()).Refusals.Should().ContainSingle(name).Which.Code.Should().Be(RefusalCode.SealInvalid, name);
        }

        CounterMark.Open(key, new string('0', 64), _vector["mark"].Hex()).Refusals[0].Code.Should().Be(RefusalCode.SealInvalid);
        CounterMark.Open(other, Collaboration, _vector["mark"].Hex()).Refusals[0].Code.Should().Be(RefusalCode.SealInvalid);
    }
}
