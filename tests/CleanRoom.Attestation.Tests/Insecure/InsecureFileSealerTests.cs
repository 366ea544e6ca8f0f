using CleanRoom.Attestation.Insecure;
using CleanRoom.Cryptography;
using CleanRoom.Cryptography.Bcl;
using CleanRoom.Protocol;
using CleanRoom.TestKit.Storage;

namespace CleanRoom.Attestation.Tests.Insecure;

/// <summary>Sealing to a key file, so that a restart works in development.</summary>
public sealed class InsecureFileSealerTests : IDisposable
{
    private const string KeyFile = "InsecureSealing.key";

    private static readonly byte[] _context = [1, 2, 3];

    private readonly TemporaryDirectory _directory = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private InsecureFileSealer Sealer => new(_directory.Path, new BclCryptoBackend());

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData(16)]
    [InlineData(32)]
    [InlineData(4096)]
    public async Task Secret_opens_after_a_restart(int length)
    {
        using var secret = SecretBytes.Random(length);
        var sealedSecret = await Sealer.SealAsync(secret, _context, Token);

        using var opened = (await Sealer.UnsealAsync(sealedSecret.ToArray(), _context, Token)).Value;

        opened.Span.SequenceEqual(secret.Span).Should().BeTrue();
        sealedSecret.Span.IndexOf(secret.Span).Should().Be(-1);
    }

    [Fact]
    public async Task Secret_does_not_open_in_another_context()
    {
        var sealedSecret = await SealedAsync();

        (await Sealer.UnsealAsync(sealedSecret, new byte[] { 1, 2, 4 }, Token)).Refusals.Should().ContainSingle().Which.Code.Should().Be(RefusalCode.SealInvalid);
    }

    [Fact]
    public async Task Changed_truncated_or_foreign_bytes_do_not_open()
    {
        var sealedSecret = await SealedAsync();
        for (var i = 0; i < sealedSecret.Length; i++)
        {
            byte[] changed = [.. sealedSecret];
            changed[i] ^= 1;
            (await Sealer.UnsealAsync(changed, _context, Token)).IsAccepted.Should().BeFalse();
            (await Sealer.UnsealAsync(sealedSecret.AsMemory(0, i), _context, Token)).IsAccepted.Should().BeFalse();
        }

        (await Sealer.UnsealAsync(new byte[10_000], _context, Token)).IsAccepted.Should().BeFalse();
    }

    [Fact]
    public async Task Secret_does_not_open_without_its_key_file()
    {
        var sealedSecret = await SealedAsync();
        File.Delete(Path.Combine(_directory.Path, KeyFile));

        (await Sealer.UnsealAsync(sealedSecret, _context, Token)).Refusals.Should().ContainSingle().Which.Wanted.Should().Contain(KeyFile);
    }

    [Fact]
    public async Task Key_file_of_another_length_is_never_replaced()
    {
        var path = Path.Combine(_directory.Path, KeyFile);
        await File.WriteAllBytesAsync(path, new byte[31], Token);
        var act = SealedAsync;

        await act.Should().ThrowAsync<InvalidDataException>();
        (await File.ReadAllBytesAsync(path, Token)).Should().HaveCount(31);
    }

    [Fact]
    public async Task Key_file_is_for_its_owner_alone()
    {
        await SealedAsync();

        if (!OperatingSystem.IsWindows())
        {
            File.GetUnixFileMode(Path.Combine(_directory.Path, KeyFile)).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        Directory.EnumerateFiles(_directory.Path).Should().ContainSingle("no unfinished file stays behind");
    }

    [Fact]
    public async Task Secret_that_is_too_long_is_the_callers_mistake()
    {
        using var big = SecretBytes.Random(InsecureFileSealer.MaxSecretBytes + 1);
        var act = async () => await Sealer.SealAsync(big, _context, Token);

        await act.Should().ThrowAsync<ArgumentOutOfRangeException>();
    }

    [Fact]
    public void Kind_and_type_say_that_it_is_insecure()
    {
        Sealer.Kind.Should().Contain("insecure");
        typeof(InsecureFileSealer).Assembly.GetExportedTypes().Should().OnlyContain(type => type.Name.Contains("Insecure", StringComparison.Ordinal));
    }

    private async Task<byte[]> SealedAsync()
    {
        using var secret = SecretBytes.Random(32);
        return (await Sealer.SealAsync(secret, _context, Token)).ToArray();
    }
}
