using System.Text.Json;
using CleanRoom.Engine.Hosting;
using CleanRoom.Engine.Sandbox;
using CleanRoom.Engine.Tests.Support;
using CleanRoom.Engine.Wire;
using CsCheck;

namespace CleanRoom.Engine.Tests.Wire;

public class FrameTests
{
    private const int Most = 1_000;

    private static readonly FrameKind[] Requests = [FrameKind.Parse, FrameKind.Bind, FrameKind.Run, FrameKind.Inputs];
    private static readonly FrameKind[] WithoutPayload = [FrameKind.Inputs, FrameKind.Ready, FrameKind.Progress];
    private static readonly FrameKind[] Kinds = [.. Enum.GetValues<FrameKind>().Where(kind => kind != FrameKind.None)];

    [Fact]
    public void Parse_encodedFrame_givesItBack() =>
        Gen.Select(Gens.OneOf(Kinds), Gen.Byte.Array[0, 200], Gen.Byte.Array[0, 200]).Sample((kind, header, payload) =>
        {
            payload = WithoutPayload.Contains(kind) ? [] : payload;
            byte[] bytes = [.. FrameHead.Encode(kind, header, payload.Length), .. payload];
            var head = FrameHead.Parse(bytes.AsSpan(0, FrameHead.Bytes), Limits(kind))!.Value;
            var frame = Frame.Of(head, bytes.AsMemory(FrameHead.Bytes));
            frame.Kind.Should().Be(kind);
            frame.Header.ToArray().Should().Equal(header);
            frame.Payload.ToArray().Should().Equal(payload);
        });

    [Fact]
    public void Parse_anyBytes_announcesNoMoreThanTheLimits() =>
        Gen.Select(Gen.Byte.Array[FrameHead.Bytes], Gens.OneOf(Kinds), Gen.Bool).Sample(
            (bytes, kind, isLong) =>
            {
                bytes[4] = (byte)kind;
                bytes[0] = isLong ? bytes[0] : (byte)0;
                bytes[1] = isLong ? bytes[1] : (byte)0;
                bytes[5] = bytes[6] = 0;
                if (FrameHead.Parse(bytes, Limits(kind)) is { } head)
                {
                    head.HeaderBytes.Should().BeInRange(0, FrameHead.MaxHeaderBytes);
                    head.PayloadBytes.Should().BeInRange(0, Limits(kind).MaxPayloadBytes(kind)!.Value);
                    FrameHead.Encode(kind, new byte[head.HeaderBytes], head.PayloadBytes)[..FrameHead.Bytes].Should().Equal(bytes);
                }
            },
            iter: 10_000);

    [Fact]
    public void Parse_kindOfTheOtherSide_isRefused()
    {
        foreach (var kind in Kinds)
        {
            var other = Requests.Contains(kind) ? FrameLimits.Replies(Most) : FrameLimits.Requests;
            FrameHead.Parse(FrameHead.Encode(kind, [], 0), other).Should().BeNull();
        }
    }

    [Theory]
    [InlineData(FrameKind.Result, Most, true)]
    [InlineData(FrameKind.Result, Most + 1, false)]
    [InlineData(FrameKind.Text, Most + 1, false)]
    [InlineData(FrameKind.Progress, 0, true)]
    [InlineData(FrameKind.Progress, 1, false)]
    [InlineData(FrameKind.Ready, 1, false)]
    [InlineData(FrameKind.Inputs, 1, false)]
    [InlineData(FrameKind.Failed, FrameLimits.MaxFailureBytes, true)]
    [InlineData(FrameKind.Failed, FrameLimits.MaxFailureBytes + 1, false)]
    [InlineData(FrameKind.Run, FrameLimits.MaxRequestBytes, true)]
    [InlineData(FrameKind.Run, FrameLimits.MaxRequestBytes + 1, false)]
    public void Parse_payload_isHeldToTheKindsLimit(object kind, int payloadBytes, bool isAccepted) =>
        FrameHead.Parse(FrameHead.Encode((FrameKind)kind, [], payloadBytes), Limits((FrameKind)kind)).HasValue.Should().Be(isAccepted);

    [Theory]
    [InlineData("000000050000000000")]
    [InlineData("000000053f00000000")]
    [InlineData("00000005ff00000000")]
    [InlineData("000000044200000000")]
    [InlineData("000000054200000001")]
    [InlineData("0001000642ffffffff")]
    [InlineData("000100064200010001")]
    [InlineData("ffffffff4200000000")]
    [InlineData("000000000000000000")]
    public void Parse_unknownKindOrLengthsThatDisagree_isRefused(string hex) =>
        FrameHead.Parse(Convert.FromHexString(hex), FrameLimits.Replies(Most)).Should().BeNull();

    [Fact]
    public void Read_changedHeader_givesAValueOrNull()
    {
        var header = JsonSerializer.SerializeToUtf8Bytes(
            new ReadyHeader
            {
                Version = 2,
                Layers = [new SandboxLayerState { Layer = SandboxLayer.Landlock, IsActive = true, Detail = "words \u00e4" }],
                NetworkNamespace = "net:[1]",
            },
            WireJson.Default.ReadyHeader);
        Gen.Select(Gen.Int[0, header.Length - 1], Gen.Byte).Array[1, 6].Sample(
            changes =>
            {
                var changed = (byte[])header.Clone();
                foreach (var (position, value) in changes)
                {
                    changed[position] = value;
                }

                if (WireJson.Read(changed, WireJson.Default.ReadyHeader) is { } read)
                {
                    _ = ReportedLayers.Read(read, isGrouped: false);
                }
            },
            iter: 20_000);
    }

    [Theory]
    [InlineData("""{"version":2,"layers":null,"networkNamespace":"n"}""")]
    [InlineData("""{"version":2,"layers":[null],"networkNamespace":"n"}""")]
    [InlineData("""{"version":2,"layers":[],"networkNamespace":"n"}""")]
    [InlineData("""{"version":2,"layers":[{"layer":99,"isActive":true,"detail":"d"}],"networkNamespace":"n"}""")]
    public void ReportedLayers_ofAnotherShape_areRefused(string json)
    {
        var header = WireJson.Read(System.Text.Encoding.UTF8.GetBytes(json), WireJson.Default.ReadyHeader);
        (header is null || ReportedLayers.Read(header, isGrouped: true) is null).Should().BeTrue();
    }

    [Theory]
    [InlineData("""{"count":1,"more":2}""")]
    [InlineData("""{}""")]
    [InlineData("""{"count":"1"}""")]
    [InlineData("not json")]
    public void Read_headerOfAnotherShape_givesNull(string json) =>
        WireJson.Read(System.Text.Encoding.UTF8.GetBytes(json), WireJson.Default.InputsHeader).Should().BeNull();

    private static FrameLimits Limits(FrameKind kind) => Requests.Contains(kind) ? FrameLimits.Requests : FrameLimits.Replies(Most);
}
