using System.Buffers.Binary;
using System.Security.Cryptography;
using CleanRoom.Attesters.SevGuest;
using CleanRoom.Protocol;

namespace CleanRoom.Attesters.Tests.SevGuest;

public class SnpAttesterTests
{
    private const int InputOutput = 5;
    private const ulong HostInvalidLength = 1UL << 32;
    private const ulong HostBusy = 2UL << 32;

    private static readonly byte[] _reportData = SHA512.HashData("a question"u8);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Request_has_the_kernels_bytes_and_the_report_comes_back()
    {
        var device = new StandInSevGuest { Certificates = CertificateTables.Of(("63da758d-e664-4564-adc5-f4b93be8accd", [7])) };

        var made = await new SnpAttester(device, vmpl: 1).AttestAsync(_reportData, Token);

        var (number, request) = device.Requests.Single();
        number.Should().Be(StandInSevGuest.GetExtendedReport);
        device.MessageVersions.Should().Equal(1);
        request[..64].Should().Equal(_reportData);
        request[64..96].Should().Equal([1, 0, 0, 0, .. new byte[28]]);
        BinaryPrimitives.ReadUInt32LittleEndian(request.AsSpan(104)).Should().Be(16_384);
        request[108..].Should().Equal(new byte[4]);
        made.Evidence.ToArray().Should().Equal(device.Report(_reportData));
        made.Endorsements.Should().Equal(new Bytes([7]));
    }

    [Fact]
    public async Task Too_many_certificates_leave_the_report_alone()
    {
        var device = new StandInSevGuest { Fails = (_, number) => number == StandInSevGuest.GetExtendedReport ? (InputOutput, HostInvalidLength) : (0, 0) };

        var made = await new SnpAttester(device, vmpl: 0).AttestAsync(_reportData, Token);

        device.Requests.Select(one => one.Number).Should().Equal(StandInSevGuest.GetExtendedReport, StandInSevGuest.GetReport);
        device.Requests[1].Request.Should().Equal([.. _reportData, .. new byte[32]]);
        made.Evidence.ToArray().Should().Equal(device.Report(_reportData));
        made.Endorsements.Should().BeEmpty();
    }

    [Theory]
    [InlineData(InputOutput, HostBusy)]
    [InlineData(11, 0UL)]
    [InlineData(4, 0UL)]
    public async Task Busy_host_is_asked_again(int error, ulong exitInfo)
    {
        var device = new StandInSevGuest { Fails = (count, _) => count < 3 ? (error, exitInfo) : (0, 0) };

        var made = await new SnpAttester(device, vmpl: 0).AttestAsync(_reportData, Token);

        made.Evidence.ToArray().Should().Equal(device.Report(_reportData));
        device.Requests.Should().HaveCount(3);
    }

    [Fact]
    public async Task Host_that_is_always_busy_ends_in_words()
    {
        var device = new StandInSevGuest { Fails = (_, _) => (InputOutput, HostBusy) };

        (await FailureAsync(device)).Should().Contain("host error 0x2");
        device.Requests.Should().HaveCount(8);
    }

    [Theory]
    [InlineData(InputOutput, 0x16UL)]
    [InlineData(0, 0x16UL)]
    [InlineData(22, 0UL)]
    public async Task Error_of_the_firmware_is_named(int error, ulong exitInfo) =>
        (await FailureAsync(new StandInSevGuest { Fails = (_, _) => (error, exitInfo) }))
            .Should().Contain($"error {error}, firmware error 0x{exitInfo:x}");

    [Theory]
    [InlineData(1u, 1_184u)]
    [InlineData(0u, 1_183u)]
    [InlineData(0u, 0u)]
    [InlineData(0u, 1_185u)]
    [InlineData(0u, uint.MaxValue)]
    public async Task Status_and_size_are_checked(uint status, uint size) =>
        (await FailureAsync(new StandInSevGuest { Status = status, ReportSize = size })).Should().Contain($"got {size} bytes with status 0x{status:x}");

    private static async Task<string> FailureAsync(StandInSevGuest device)
    {
        var attest = async () => await new SnpAttester(device, vmpl: 0).AttestAsync(_reportData, Token);
        return (await attest.Should().ThrowAsync<AttesterException>()).Which.Message;
    }
}
