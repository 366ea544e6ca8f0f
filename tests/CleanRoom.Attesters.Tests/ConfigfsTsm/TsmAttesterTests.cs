using System.Security.Cryptography;
using CleanRoom.Attesters.ConfigfsTsm;
using CleanRoom.Attesters.Tests.SevGuest;
using CleanRoom.Protocol;

namespace CleanRoom.Attesters.Tests.ConfigfsTsm;

public class TsmAttesterTests
{
    private const int TryAgain = 11;
    private const int Busy = 16;
    private const int NoDevice = 19;

    private static readonly byte[] _reportData = SHA512.HashData("a question"u8);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("sev_guest", "amd-sev-snp")]
    [InlineData("tdx_guest", "intel-tdx")]
    [InlineData("arm_cca_guest", "arm-cca")]
    public async Task Provider_gives_the_tee_and_the_report_is_about_the_report_data(string provider, string tee)
    {
        var kernel = new StandInTsm { Provider = provider };

        var attester = TsmAttester.Open(kernel, privilegeLevel: null);
        var made = await attester.AttestAsync(_reportData, Token);

        attester.Tee.Should().Be(tee);
        made.Evidence.ToArray().Should().Equal([0, .. _reportData]);
        made.Endorsements.Should().BeEmpty();
        kernel.Present.Should().Be(0, "every entry is removed");
    }

    [Fact]
    public void Unknown_provider_is_named()
    {
        var kernel = new StandInTsm { Provider = "other_guest" };

        kernel.Invoking(it => TsmAttester.Open(it, null)).Should().Throw<AttesterException>().WithMessage("*got other_guest");
        kernel.Present.Should().Be(0);
    }

    [Fact]
    public async Task Privilege_level_is_written_when_it_is_given()
    {
        var made = await TsmAttester.Open(new StandInTsm(), privilegeLevel: 2).AttestAsync(_reportData, Token);

        made.Evidence.Span[0].Should().Be(2);
    }

    [Fact]
    public async Task Certificates_of_the_hosts_table_are_the_endorsements()
    {
        var kernel = new StandInTsm { Auxiliary = CertificateTables.Of(("c0b406a4-a803-4952-9743-3fb6014cd0ae", [9]), ("63da758d-e664-4564-adc5-f4b93be8accd", [7, 8])) };

        var made = await TsmAttester.Open(kernel, null).AttestAsync(_reportData, Token);

        made.Endorsements.Should().Equal(new Bytes([7, 8]), new Bytes([9]));
    }

    [Theory]
    [InlineData("write inblob")]
    [InlineData("read outblob")]
    [InlineData("read auxblob")]
    public async Task Write_by_another_at_any_moment_is_noticed_and_tried_again_on_a_fresh_entry(string moment)
    {
        var kernel = new StandInTsm();
        kernel.Before = (number, entry, access) =>
        {
            if (number == 2 && access == moment)
            {
                kernel.WriteAs(entry, "inblob", [1, 2, 3]);
            }
        };

        var made = await TsmAttester.Open(kernel, null).AttestAsync(_reportData, Token);

        made.Evidence.ToArray().Should().Equal([0, .. _reportData]);
        kernel.Made.Should().Be(3, "one to learn the provider, one disturbed, one good");
        kernel.Present.Should().Be(0);
    }

    [Theory]
    [InlineData("write inblob", Busy)]
    [InlineData("read outblob", TryAgain)]
    [InlineData("read outblob", Busy)]
    [InlineData("read auxblob", TryAgain)]
    public async Task Busy_device_is_tried_again(string moment, int error)
    {
        var kernel = new StandInTsm { Before = (number, _, access) => ThrowIf(number == 2 && access == moment, error) };

        var made = await TsmAttester.Open(kernel, null).AttestAsync(_reportData, Token);

        made.Evidence.ToArray().Should().Equal([0, .. _reportData]);
        kernel.Present.Should().Be(0);
    }

    [Fact]
    public async Task Device_that_is_always_busy_ends_in_words()
    {
        var kernel = new StandInTsm { Before = (_, _, access) => ThrowIf(access == "read outblob", Busy) };
        var attester = TsmAttester.Open(kernel, null);

        var attest = async () => await attester.AttestAsync(_reportData, Token);

        await attest.Should().ThrowAsync<AttesterException>().WithMessage("*nobody else disturbs*");
        kernel.Made.Should().Be(9);
        kernel.Present.Should().Be(0);
    }

    [Fact]
    public async Task Another_error_is_not_tried_again()
    {
        var kernel = new StandInTsm { Before = (_, _, access) => ThrowIf(access == "read outblob", NoDevice) };
        var attester = TsmAttester.Open(kernel, null);

        var attest = async () => await attester.AttestAsync(_reportData, Token);

        await attest.Should().ThrowAsync<AttesterException>().WithMessage("*error of the kernel*19*");
        kernel.Made.Should().Be(2);
        kernel.Present.Should().Be(0);
    }

    [Fact]
    public async Task Other_provider_than_at_the_start_is_refused()
    {
        var kernel = new StandInTsm();
        var attester = TsmAttester.Open(kernel, null);
        kernel.Provider = "tdx_guest";

        var attest = async () => await attester.AttestAsync(_reportData, Token);

        await attest.Should().ThrowAsync<AttesterException>().WithMessage("*wanted the provider sev_guest*");
    }

    [Fact]
    public async Task Empty_report_is_refused()
    {
        var attester = TsmAttester.Open(new StandInTsm { Report = (_, _) => [] }, null);

        var attest = async () => await attester.AttestAsync(_reportData, Token);

        await attest.Should().ThrowAsync<AttesterException>().WithMessage("*got nothing");
    }

    [Fact]
    public async Task Other_report_data_than_64_bytes_is_the_callers_fault()
    {
        var attester = TsmAttester.Open(new StandInTsm(), null);

        var attest = async () => await attester.AttestAsync(new byte[65], Token);

        await attest.Should().ThrowAsync<ArgumentException>();
    }

    private static void ThrowIf(bool condition, int error)
    {
        if (condition)
        {
            throw StandInTsm.Error(error);
        }
    }
}
