using System.Text.Json;
using CleanRoom.Portal.Tests.Support;

namespace CleanRoom.Portal.Tests.Browser;

/// <summary>How fast a browser seals, beside its own bare AES-GCM. Run when asked for alone; what it finds is printed and never asserted.</summary>
/// <remarks><c>dotnet test --project tests/CleanRoom.Portal.Tests --explicit only --filter-class '*SealingBenchmark' --output Detailed</c>.</remarks>
[Collection(BrowserTests.Name)]
public sealed class SealingBenchmark(Chromium chromium)
{
    /// <summary>Parts of 8 MiB, as uploads have, in turns: bare calls of 256 KiB one after the other, the same eight at once, sealing, sealing with both digests.</summary>
    private const string Measure =
        """
        async ([rounds, parts]) => {
          const { sealPart, takeDataKey, digestOf, longestSealed } = await import("/portal/js/sealing.js");
          const part = new Uint8Array(8 << 20);
          for (let at = 0; at < part.length; at += 65536) crypto.getRandomValues(part.subarray(at, at + 65536));
          const bare = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt"]);
          const room = new Uint8Array(longestSealed);
          const data = await takeDataKey(crypto.getRandomValues(new Uint8Array(32)));
          const aad = new Uint8Array(200);
          const raw = async lanes => {
            let next = 0;
            const lane = async () => {
              while (next < part.length) {
                const from = next;
                next += 262144;
                const iv = new Uint8Array(12);
                new DataView(iv.buffer).setUint32(8, from);
                await crypto.subtle.encrypt({ name: "AES-GCM", iv }, bare, part.subarray(from, from + 262144));
              }
            };
            await Promise.all(Array.from({ length: lanes }, lane));
          };
          const measures = {
            bare: () => raw(1),
            bareAtOnce: () => raw(8),
            sealed: () => sealPart(data, aad, part, room),
            sealedWithDigests: async () => {
              const [sealed] = await Promise.all([sealPart(data, aad, part, room), digestOf(part)]);
              await digestOf(sealed);
            },
          };
          const taken = Object.fromEntries(Object.keys(measures).map(name => [name, []]));
          for (let round = 0; round <= rounds; round++) {
            for (const [name, run] of Object.entries(measures)) {
              const begin = performance.now();
              for (let i = 0; i < parts; i++) await run();
              // The first round warms up.
              if (round > 0) taken[name].push(parts * 8.388608 * 1000 / (performance.now() - begin));
            }
          }
          return taken;
        }
        """;

    [Fact(Explicit = true)]
    public async Task Sealing_beside_bare_encryption()
    {
        await using var profile = await chromium.ProfileAsync();
        var page = await profile.NewPageAsync();
        await page.GotoAsync(new Uri(chromium.Portal.Address, "css/portal.css").AbsoluteUri);

        var taken = await page.EvaluateAsync<JsonElement>(Measure, new object[] { 5, 8 });

        var medians = taken.EnumerateObject().Where(one => one.Value.ValueKind == JsonValueKind.Array)
            .ToDictionary(one => one.Name, one => one.Value.EnumerateArray().Select(value => value.GetDouble()).Order().ElementAt(2), StringComparer.Ordinal);
        foreach (var (name, median) in medians)
        {
            TestContext.Current.TestOutputHelper!.WriteLine($"{name}: {median:F0} MB/s, {median / medians["bare"]:F2} of bare, {median / medians["bareAtOnce"]:F2} of bare at once");
        }
    }
}
