using System.Formats.Cbor;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using CleanRoom.Attesters.Devices;
using CleanRoom.Attesters.Nitro;

namespace CleanRoom.Attesters.Tests.Nitro;

public class NitroAttesterTests
{
    private static readonly byte[] _reportData = SHA512.HashData("a question"u8);
    private static readonly byte[] _document = [0x84, 1, 2, 3];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Request_carries_the_report_data_as_user_data_and_the_document_comes_back()
    {
        var device = new StandInNsm { Response = Reply() };

        var made = await new NitroAttester(device).AttestAsync(_reportData, Token);

        // {"Attestation": {"user_data": h'...64', "nonce": null, "public_key": null}}
        Convert.ToHexStringLower(device.Request).Should().Be(
            "a16b4174746573746174696f6ea369757365725f646174615840" + Convert.ToHexStringLower(_reportData) + "656e6f6e6365f66a7075626c69635f6b6579f6");
        device.Number.Should().Be(0xC0200A00);
        device.ResponseRoom.Should().Be(0x3000);
        made.Evidence.ToArray().Should().Equal(_document);
        made.Endorsements.Should().BeEmpty();
    }

    [Fact]
    public async Task Error_of_the_module_is_named() => (await FailureAsync(new StandInNsm { Response = Cbor(writer =>
    {
        writer.WriteStartMap(1);
        writer.WriteTextString("Error");
        writer.WriteTextString("InputTooLarge");
        writer.WriteEndMap();
    }) })).Should().Be("nsm: wanted a document, got error InputTooLarge");

    [Fact]
    public async Task Interrupted_request_is_sent_again()
    {
        var device = new StandInNsm { Response = Reply(), Errors = new([4, 11]) };

        (await new NitroAttester(device).AttestAsync(_reportData, Token)).Evidence.ToArray().Should().Equal(_document);
    }

    [Fact]
    public async Task Error_of_the_device_is_named() =>
        (await FailureAsync(new StandInNsm { Response = Reply(), Errors = new([90]) })).Should().Contain("got error 90");

    [Theory]
    [InlineData(0)]
    [InlineData(0x3001)]
    public async Task Length_of_the_response_is_checked(long length) =>
        (await FailureAsync(new StandInNsm { Response = Reply(), ResponseLength = length })).Should().Contain($"and {length} bytes");

    [Fact]
    public async Task Every_shorter_and_longer_response_is_refused()
    {
        var reply = Reply();
        for (var length = 1; length < reply.Length; length++)
        {
            await FailureAsync(new StandInNsm { Response = reply[..length] });
        }

        await FailureAsync(new StandInNsm { Response = [.. reply, 0] });
    }

    [Theory]
    [InlineData("80")]
    [InlineData("a0")]
    [InlineData("a1654f74686572f6")]
    [InlineData("a16b4174746573746174696f6ea0")]
    [InlineData("a16b4174746573746174696f6ea168646f63756d656e7440")]
    [InlineData("a16b4174746573746174696f6ea168646f63756d656e74f6")]
    public async Task Response_of_another_form_is_refused(string response) => await FailureAsync(new StandInNsm { Response = Convert.FromHexString(response) });

    private static async Task<string> FailureAsync(StandInNsm device)
    {
        var attest = async () => await new NitroAttester(device).AttestAsync(_reportData, Token);
        return (await attest.Should().ThrowAsync<AttesterException>()).Which.Message;
    }

    private static byte[] Reply() => Cbor(writer =>
    {
        writer.WriteStartMap(1);
        writer.WriteTextString("Attestation");
        writer.WriteStartMap(1);
        writer.WriteTextString("document");
        writer.WriteByteString(_document);
        writer.WriteEndMap();
        writer.WriteEndMap();
    });

    private static byte[] Cbor(Action<CborWriter> write)
    {
        var writer = new CborWriter();
        write(writer);
        return writer.Encode();
    }

    private sealed class StandInNsm : IDeviceControl
    {
        public string Name => "stand-in";

        public required byte[] Response { get; init; }

        public long? ResponseLength { get; init; }

        public Queue<int> Errors { get; init; } = new();

        public byte[] Request { get; private set; } = [];

        public uint Number { get; private set; }

        public long ResponseRoom { get; private set; }

        public int Control(uint request, nint argument)
        {
            if (Errors.TryDequeue(out var error))
            {
                return error;
            }

            Number = request;
            Request = new byte[Marshal.ReadInt64(argument, 8)];
            Marshal.Copy((nint)Marshal.ReadInt64(argument), Request, 0, Request.Length);
            ResponseRoom = Marshal.ReadInt64(argument, 24);
            Marshal.Copy(Response, 0, (nint)Marshal.ReadInt64(argument, 16), Response.Length);
            Marshal.WriteInt64(argument, 24, ResponseLength ?? Response.Length);
            return 0;
        }
    }
}
