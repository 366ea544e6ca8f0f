using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CleanRoom.Cryptography;
using CleanRoom.Cryptography.Bcl;
using CleanRoom.Cryptography.Streams;
using CleanRoom.Portal.Tests.Support;
using Microsoft.Playwright;

namespace CleanRoom.Portal.Tests.Browser;

/// <summary>What the browser's worker seals is, byte for byte, what the class library seals under the same salt and prefix.</summary>
[Collection(BrowserTests.Name)]
public sealed class PartSealingTests(Chromium chromium) : IAsyncLifetime
{
    /// <summary>Plaintext bytes of segment 0, and of every other: 0010 s.4.</summary>
    private const int First = 65_480;
    private const int Further = 65_520;

    /// <summary>Makes the plaintext on both sides, so that none needs to travel: byte i is i * 31 + i / 256.</summary>
    private const string Seal =
        """
        async ([key, aad, length]) => {
          const { sealPart, takeDataKey, digestOf, longestSealed } = await import("/portal/js/sealing.js");
          const bytes = text => Uint8Array.from(atob(text), c => c.charCodeAt(0));
          const plaintext = Uint8Array.from({ length }, (_, i) => i * 31 + (i >> 8));
          const secret = bytes(key);
          const held = await takeDataKey(secret);
          const sealed = await sealPart(held, bytes(aad), plaintext);
          const again = await sealPart(held, bytes(aad), plaintext, new Uint8Array(longestSealed).fill(7));
          let text = "";
          for (let at = 0; at < sealed.length; at += 32768) text += String.fromCharCode(...sealed.subarray(at, at + 32768));
          return {
            sealed: btoa(text), digest: await digestOf(sealed), again: btoa(String.fromCharCode(...again.subarray(0, 40))), length: again.length,
            longest: (await sealPart(held, bytes(aad), new Uint8Array(8 << 20), new Uint8Array(longestSealed))).length, reserved: longestSealed,
            zeroed: secret.every(one => one === 0), extractable: held.extractable, usages: held.usages,
          };
        }
        """;

    private readonly BclCryptoBackend _bcl = new();
    private IBrowserContext? _profile;
    private IPage? _page;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _profile = await chromium.ProfileAsync();
        _page = await _profile.NewPageAsync();
        await _page.GotoAsync(new Uri(chromium.Portal.Address, "css/portal.css").AbsoluteUri);
    }

    public async ValueTask DisposeAsync()
    {
        if (_profile is not null)
        {
            await _profile.DisposeAsync();
        }
    }

    [Fact]
    public async Task Sealed_part_is_the_class_librarys_under_the_same_header()
    {
        var aad = Encoding.UTF8.GetBytes("""{"collaboration":"c","dataset":"o.d","index":0,"offset":0,"upload":"u"}""");
        foreach (var length in (int[])[0, 1, First, First + 1, First + Further, First + Further + 1, 1_000_000])
        {
            using var key = SecretBytes.Random(SealedStream.DataKeyBytes);
            var plaintext = Enumerable.Range(0, length).Select(i => unchecked((byte)((i * 31) + (i >> 8)))).ToArray();

            var answer = await SealAsync(key, aad, length);

            var sealedPart = answer.GetProperty("sealed").GetBytesFromBase64();
            var header = SealedStreamHeader.Parse(sealedPart.AsSpan(0, SealedStreamLayout.HeaderBytes)).Value;
            var wanted = await SealedStream.SealAsync(StreamGeometry.Standard, _bcl, header, key, aad, plaintext, Cancel);
            sealedPart.AsSpan().SequenceEqual(wanted).Should().BeTrue("{0} bytes", length);
            answer.GetProperty("digest").GetString().Should().Be(Convert.ToHexStringLower(SHA256.HashData(sealedPart)));
            answer.GetProperty("length").GetInt32().Should().Be(sealedPart.Length);
            answer.GetProperty("again").GetBytesFromBase64().Should().NotEqual(header.Bytes.ToArray(), "every attempt draws its own salt and prefix");
        }
    }

    [Fact]
    public async Task Data_key_derives_part_keys_and_cannot_be_read_and_the_largest_part_fits()
    {
        using var key = SecretBytes.Random(SealedStream.DataKeyBytes);

        var answer = await SealAsync(key, [1], 10);

        answer.GetProperty("extractable").GetBoolean().Should().BeFalse();
        answer.GetProperty("usages").EnumerateArray().Select(one => one.GetString()).Should().Equal("deriveKey");
        answer.GetProperty("longest").GetInt64().Should().Be(SealedStreamLayout.CiphertextLength(8 << 20));
        answer.GetProperty("reserved").GetInt64().Should().Be(answer.GetProperty("longest").GetInt64());
        answer.GetProperty("zeroed").GetBoolean().Should().BeTrue("what was handed over is zero by then");
    }

    private Task<JsonElement> SealAsync(SecretBytes key, byte[] aad, int length) => _page!.EvaluateAsync<JsonElement>(
        Seal, new object[] { Convert.ToBase64String(key.Span), Convert.ToBase64String(aad), length });
}
