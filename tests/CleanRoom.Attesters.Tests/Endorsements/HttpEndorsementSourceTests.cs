using System.Net;
using System.Text;
using CleanRoom.Attesters.Endorsements;
using CleanRoom.Protocol;

namespace CleanRoom.Attesters.Tests.Endorsements;

public sealed class HttpEndorsementSourceTests
{
    private static readonly EndorsementRequest _chain = AmdKds.VcekChain(AmdProduct.Milan);
    private static readonly EndorsementRequest _list = AmdKds.VcekRevocationList(AmdProduct.Milan);
    private static readonly EndorsementRequest _tcbInfo = IntelPcs.Intel.TcbInfo(IntelTee.Sgx, [0, 0x60, 0x6A, 0, 0, 0]).Value;

    private readonly InstantTime _time = new();

    [Fact]
    public async Task Answer_is_kept_as_it_came()
    {
        var got = (await GetAsync(_chain, _ => FakeMaker.Ok(Answers.Chain))).Value;

        got.Content.Should().Be(new Bytes(Answers.Chain));
        got.IssuerChain.Length.Should().Be(0);
        got.Fetched.Value.Should().Be(_time.Now);
        got.Expires.Value.Should().Be(_time.Now + _chain.Lifetime);
    }

    [Fact]
    public async Task Issuer_chain_comes_out_of_the_header()
    {
        var got = (await GetAsync(_tcbInfo, _ => FakeMaker.Ok(Answers.TcbInfo, ("TCB-Info-Issuer-Chain", Uri.EscapeDataString(Answers.Pem))))).Value;

        Encoding.ASCII.GetString(got.IssuerChain.Span).Should().Be(Answers.Pem);
        got.Expires.ToString().Should().Be("2026-01-31T12:00:00.000Z", "the collateral's next update is earlier than the default");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("not%20a%20certificate")]
    public async Task Issuer_chain_that_did_not_come_is_refused(string? header)
    {
        var got = await GetAsync(_tcbInfo, _ => header is null ? FakeMaker.Ok(Answers.TcbInfo) : FakeMaker.Ok(Answers.TcbInfo, ("TCB-Info-Issuer-Chain", header)));

        got.Refusals.Should().ContainSingle().Which.Wanted.Should().Contain("TCB-Info-Issuer-Chain");
    }

    [Theory]
    [InlineData("max-age=60", 60)]
    [InlineData("no-store", 0)]
    [InlineData("no-cache", 0)]
    [InlineData("max-age=999999999", 86_400)]
    [InlineData("public", 86_400)]
    public async Task Cache_control_shortens_the_time_that_it_is_kept(string control, int seconds)
    {
        var got = (await GetAsync(_list, _ => FakeMaker.Ok(Answers.RevocationList(nextUpdate: null), ("Cache-Control", control)))).Value;

        (got.Expires.Value - got.Fetched.Value).Should().Be(TimeSpan.FromSeconds(seconds));
    }

    [Fact]
    public async Task Next_update_of_a_list_shortens_the_time_that_it_is_kept()
    {
        var got = (await GetAsync(_list, _ => FakeMaker.Ok(Answers.RevocationList(_time.Now.AddHours(2))))).Value;

        got.Expires.Value.Should().Be(_time.Now.AddHours(2));
    }

    [Fact]
    public async Task Address_that_is_no_maker_is_never_asked()
    {
        using var maker = new FakeMaker(_ => FakeMaker.Ok(Answers.Chain));
        using var source = new HttpEndorsementSource(maker, _time);

        var got = await source.GetAsync(_chain with { Address = new("https://kds.example/") }, TestContext.Current.CancellationToken);

        got.Refusals.Should().ContainSingle().Which.Got.Should().Be("https://kds.example");
        maker.Asked.Should().BeEmpty();
    }

    [Theory]
    [InlineData(HttpStatusCode.Found)]
    [InlineData(HttpStatusCode.NotFound)]
    [InlineData(HttpStatusCode.NoContent)]
    public async Task Other_status_is_refused(HttpStatusCode status)
    {
        var got = await GetAsync(_chain, _ => FakeMaker.Status(status, ("Location", "https://kdsintf.amd.com/elsewhere")));

        got.Refusals.Should().ContainSingle().Which.Should().Match<Refusal>(refusal => refusal.Got == $"status {(int)status}" && refusal.Code == RefusalCode.EndorsementMissing);
    }

    [Fact]
    public async Task Answer_of_another_address_is_refused()
    {
        var got = await GetAsync(_chain, _ =>
        {
            var response = FakeMaker.Ok(Answers.Chain);
            response.RequestMessage = new HttpRequestMessage(HttpMethod.Get, "https://kdsintf.amd.com/elsewhere");
            return response;
        });

        got.Refusals.Should().ContainSingle().Which.Got.Should().Be("an answer of another address");
    }

    [Fact]
    public async Task Announced_length_beyond_the_limit_is_refused_before_a_byte_is_read()
    {
        var got = await GetAsync(_chain, _ =>
        {
            var response = new HttpResponseMessage(HttpStatusCode.OK) { Content = new StreamContent(new UnreadableStream()) };
            response.Content.Headers.ContentLength = _chain.MaxBytes + 1;
            return response;
        });

        got.Refusals.Should().ContainSingle().Which.Got.Should().Be("more");
    }

    [Fact]
    public async Task Unannounced_length_beyond_the_limit_is_refused()
    {
        var got = await GetAsync(_chain, _ => new HttpResponseMessage(HttpStatusCode.OK)
        {
            Content = new StreamContent(new MemoryStream([.. Answers.Chain, .. new byte[_chain.MaxBytes]])),
        });

        got.Refusals.Should().ContainSingle().Which.Got.Should().Be("more");
    }

    [Fact]
    public async Task Maker_that_asks_to_wait_is_asked_again()
    {
        using var maker = new FakeMaker(
            _ => FakeMaker.Status(HttpStatusCode.TooManyRequests, ("Retry-After", "7")),
            _ => FakeMaker.Status(HttpStatusCode.ServiceUnavailable),
            _ => FakeMaker.Status(HttpStatusCode.TooManyRequests, ("Retry-After", _time.Now.AddSeconds(20).ToString("R", System.Globalization.CultureInfo.InvariantCulture))),
            _ => FakeMaker.Ok(Answers.Chain));
        using var source = new HttpEndorsementSource(maker, _time);

        (await source.GetAsync(_chain, TestContext.Current.CancellationToken)).IsAccepted.Should().BeTrue();

        _time.Waits.Should().Equal(TimeSpan.FromSeconds(7), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task Maker_that_always_asks_to_wait_is_given_up()
    {
        using var maker = new FakeMaker(_ => FakeMaker.Status(HttpStatusCode.TooManyRequests, ("Retry-After", "1")));
        using var source = new HttpEndorsementSource(maker, _time);

        var got = await source.GetAsync(_chain, TestContext.Current.CancellationToken);

        got.Refusals.Should().ContainSingle().Which.Code.Should().Be(RefusalCode.Unavailable);
        maker.Asked.Should().HaveCount(HttpEndorsementSource.MaxAttempts);
    }

    [Fact]
    public async Task Wait_beyond_the_limit_is_not_waited()
    {
        using var maker = new FakeMaker(_ => FakeMaker.Status(HttpStatusCode.TooManyRequests, ("Retry-After", "61")));
        using var source = new HttpEndorsementSource(maker, _time);

        (await source.GetAsync(_chain, TestContext.Current.CancellationToken)).IsAccepted.Should().BeFalse();

        maker.Asked.Should().ContainSingle();
        _time.Waits.Should().BeEmpty();
    }

    [Fact]
    public async Task Maker_that_cannot_be_reached_is_a_refusal()
    {
        var got = await GetAsync(_chain, _ => throw new HttpRequestException("no route"));

        got.Refusals.Should().ContainSingle().Which.Should().Match<Refusal>(refusal => refusal.Got == "no answer" && refusal.Code == RefusalCode.Unavailable);
    }

    [Fact]
    public async Task Azure_answer_is_kept_as_its_certificates_in_order()
    {
        var json = Encoding.UTF8.GetBytes($$"""{"vcekCert":{{Quoted(Answers.Pem)}},"tcbm":"DB18000000000004","certificateChain":{{Quoted(Answers.Pem.Replace("MAA=", "MAEA", StringComparison.Ordinal))}},"cacheControl":"86400"}""");
        using var maker = new FakeMaker(_ => FakeMaker.Ok(json));
        using var source = new HttpEndorsementSource(maker, _time);

        var got = (await source.GetAsync(AzureThim.AmdCertification, TestContext.Current.CancellationToken)).Value;

        Encoding.ASCII.GetString(got.Content.Span).Should().Be(Answers.Pem + Answers.Pem.Replace("MAA=", "MAEA", StringComparison.Ordinal));
        maker.Asked.Should().ContainSingle().Which.Headers.GetValues("Metadata").Should().Equal("true");
    }

    public static TheoryData<EndorsementForm, string> OtherForms => new()
    {
        { EndorsementForm.Certificate, "<html>" },
        { EndorsementForm.Certificate, "0" },
        { EndorsementForm.CertificateChain, "<html>" },
        { EndorsementForm.CertificateChain, Answers.Pem + "\u00e9" },
        { EndorsementForm.RevocationList, "<html>" },
        { EndorsementForm.RevocationList, "0\u0003\u0002\u0001\u0001" },
        { EndorsementForm.Collateral, "<html>" },
        { EndorsementForm.Collateral, """{"tcbInfo":{"nextUpdate":"soon"},"signature":"00"}""" },
        { EndorsementForm.Collateral, """{"signature":"00"}""" },
        { EndorsementForm.AzureCertification, """{"vcekCert":"x"}""" },
        { EndorsementForm.AzureCertification, """{"vcekCert":"x","certificateChain":"y"}""" },
    };

    [Theory]
    [MemberData(nameof(OtherForms))]
    public async Task Answer_of_another_form_is_refused(EndorsementForm form, string body)
    {
        var got = await GetAsync(_chain with { Form = form }, _ => FakeMaker.Ok(Encoding.UTF8.GetBytes(body)));

        got.Refusals.Should().ContainSingle().Which.Wanted.Should().Contain($"{form}");
    }

    private static string Quoted(string text) => '"' + text.Replace("\n", "\\n", StringComparison.Ordinal) + '"';

    private async Task<Result<Endorsement>> GetAsync(EndorsementRequest request, Func<HttpRequestMessage, HttpResponseMessage> answer)
    {
        using var source = new HttpEndorsementSource(new FakeMaker(answer), _time);
        return await source.GetAsync(request, TestContext.Current.CancellationToken);
    }

    private sealed class UnreadableStream : MemoryStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            throw new InvalidOperationException("read");
    }
}
