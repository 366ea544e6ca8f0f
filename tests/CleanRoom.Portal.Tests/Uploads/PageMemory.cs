using System.Globalization;
using System.Text.Json;
using Microsoft.Playwright;

namespace CleanRoom.Portal.Tests.Uploads;

/// <summary>Measures what a page and its workers hold: of each, V8's heap and the backing stores of its buffers, WebAssembly's memory among them.</summary>
internal sealed class PageMemory
{
    /// <summary>A look costs the page something: four in a second are enough to see a part of 8 MiB.</summary>
    private const string Rest = "new Promise(done => setTimeout(done, 250))";

    private readonly ICDPSession _session;
    private readonly List<string> _workers = [];
    private readonly Dictionary<int, TaskCompletionSource<JsonElement>> _asked = [];
    private int _id;

    private PageMemory(ICDPSession session) => _session = session;

    /// <summary>Gets the most that was held at once, in bytes.</summary>
    public long Most { get; private set; }

    /// <summary>Gets the most that workers alone held at once, in bytes; 0 when none was seen.</summary>
    public long MostOfWorkers { get; private set; }

    /// <summary>Begins to look at a page, also at the workers that it will start.</summary>
    public static async Task<PageMemory> OfAsync(IPage page)
    {
        var memory = new PageMemory(await page.Context.NewCDPSessionAsync(page));
        memory._session.Event("Target.attachedToTarget").OnEvent += (_, args) => memory.Attached(args!.Value);
        memory._session.Event("Target.detachedFromTarget").OnEvent += (_, args) => memory.Detached(args!.Value);
        memory._session.Event("Target.receivedMessageFromTarget").OnEvent += (_, args) => memory.Answered(args!.Value);
        await memory._session.SendAsync("Target.setAutoAttach", new() { ["autoAttach"] = true, ["waitForDebuggerOnStart"] = false, ["flatten"] = false });
        return memory;
    }

    /// <summary>Looks until told to stop.</summary>
    public async Task WatchAsync(Task until)
    {
        while (!until.IsCompleted)
        {
            await LookAsync();
            await _session.SendAsync("Runtime.evaluate", new() { ["expression"] = Rest, ["awaitPromise"] = true });
        }

        await LookAsync();
    }

    /// <summary>Looks once.</summary>
    public async Task LookAsync()
    {
        var page = Sum((await _session.SendAsync("Runtime.getHeapUsage"))!.Value);
        var workers = 0L;
        foreach (var worker in Workers())
        {
            workers += await OfWorkerAsync(worker);
        }

        Most = Math.Max(Most, page + workers);
        MostOfWorkers = Math.Max(MostOfWorkers, workers);
    }

    private static long Sum(JsonElement usage) =>
        (long)(usage.GetProperty("usedSize").GetDouble() + usage.GetProperty("embedderHeapUsedSize").GetDouble() + usage.GetProperty("backingStorageSize").GetDouble());

    private async Task<long> OfWorkerAsync(string worker)
    {
        var (id, answer) = (Interlocked.Increment(ref _id), new TaskCompletionSource<JsonElement>(TaskCreationOptions.RunContinuationsAsynchronously));
        lock (_workers)
        {
            _asked[id] = answer;
        }

        try
        {
            var message = string.Create(CultureInfo.InvariantCulture, $$"""{"id":{{id}},"method":"Runtime.getHeapUsage"}""");
            await _session.SendAsync("Target.sendMessageToTarget", new() { ["sessionId"] = worker, ["message"] = message });
            return Sum((await answer.Task).GetProperty("result"));
        }
        catch (Exception ended) when (ended is PlaywrightException or TaskCanceledException)
        {
            // The worker ended while it was asked.
            return 0;
        }
    }

    private string[] Workers()
    {
        lock (_workers)
        {
            return [.. _workers];
        }
    }

    private void Attached(JsonElement args)
    {
        if (args.GetProperty("targetInfo").GetProperty("type").GetString() == "worker")
        {
            lock (_workers)
            {
                _workers.Add(args.GetProperty("sessionId").GetString()!);
            }
        }
    }

    private void Detached(JsonElement args)
    {
        lock (_workers)
        {
            _workers.Remove(args.GetProperty("sessionId").GetString()!);
            foreach (var one in _asked.Values)
            {
                one.TrySetCanceled();
            }
        }
    }

    private void Answered(JsonElement args)
    {
        using var message = JsonDocument.Parse(args.GetProperty("message").GetString()!);
        if (message.RootElement.TryGetProperty("id", out var id))
        {
            lock (_workers)
            {
                _asked.Remove(id.GetInt32(), out var answer);
                answer?.TrySetResult(message.RootElement.Clone());
            }
        }
    }
}
