using CleanRoom.Engine.Running;
using CleanRoom.Engine.Wire;
using DuckDB.NET.Data;
using DuckDB.NET.Native;
using Microsoft.Win32.SafeHandles;

namespace CleanRoom.Engine.Child;

/// <summary>Runs one generated query over the handed-in descriptors.</summary>
internal static class QueryRun
{
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromMilliseconds(250);

    /// <summary>Runs the query on a locked instance and returns its rows, encoded (contracts/spec/0012 s.4).</summary>
    /// <param name="connection">A fresh in-memory instance.</param>
    /// <param name="run">Limits and the shape of the inputs.</param>
    /// <param name="sql">Generated SQL over the views <c>engine_input_0</c>, <c>engine_input_1</c>, ...</param>
    /// <param name="inputs">One descriptor a file, in the order of <see cref="RunHeader.FilesPerRelation"/>.</param>
    /// <param name="onProgress">Called with 0 to 10,000, from another thread.</param>
    public static EngineReply<byte[]> Run(
        DuckDBConnection connection, RunHeader run, string sql, IReadOnlyList<SafeFileHandle> inputs, Action<int> onProgress)
    {
        // Opened by path again for each reader: a descriptor's own offset would be shared between threads.
        var paths = inputs.Select(input => $"/proc/self/fd/{input.DangerousGetHandle()}").ToArray();
        EngineProfile.Lock(connection, run.MemoryBytes, run.Threads, paths);
        try
        {
            CreateViews(connection, run, paths);
        }
        catch (DuckDBException exception) when (exception.ErrorType != DuckDBErrorType.OutOfMemory)
        {
            // Before a row is looked at: whatever it is, it is none of the text's.
            return new EngineFailure(EngineFailureKind.Input, exception.Message);
        }
        catch (DuckDBException exception)
        {
            return EngineReply<byte[]>.From(exception);
        }

        using var done = new ManualResetEventSlim();
        var reporter = new Thread(() => Report(connection.NativeConnection, done, onProgress)) { IsBackground = true };
        reporter.Start();
        try
        {
            return Execute(connection, sql, run.MaxOutputBytes);
        }
        finally
        {
            done.Set();
            reporter.Join();
        }
    }

    // Views keep projection and filter pushdown, and the generated text needs no descriptor number.
    private static void CreateViews(DuckDBConnection connection, RunHeader run, string[] paths)
    {
        var next = 0;
        for (var relation = 0; relation < run.FilesPerRelation.Length; relation++)
        {
            var files = paths[next..(next + run.FilesPerRelation[relation])];
            next += files.Length;
            var list = string.Join(", ", files.Select(path => $"'{path}'"));
            EngineProfile.Execute(
                connection, $"CREATE VIEW {EngineInput.ViewName(relation)} AS SELECT * FROM read_parquet([{list}], hive_partitioning=false)");
        }
    }

    private static EngineReply<byte[]> Execute(DuckDBConnection connection, string sql, int maxOutputBytes)
    {
        var state = NativeMethods.Query.DuckDBQuery(connection.NativeConnection, sql, out var result);
        try
        {
            if (state == DuckDBState.Success)
            {
                return RowExport.Write(ref result, maxOutputBytes);
            }

            var kind = NativeMethods.Query.DuckDBResultErrorType(ref result) switch
            {
                DuckDBErrorType.OutOfMemory => EngineFailureKind.Memory,
                DuckDBErrorType.Io => EngineFailureKind.Input,
                _ => EngineFailureKind.Sql,
            };
            return new EngineFailure(kind, NativeMethods.Query.DuckDBResultError(ref result) ?? "no text");
        }
        finally
        {
            NativeMethods.Query.DuckDBDestroyResult(ref result);
        }
    }

    private static void Report(DuckDBNativeConnection connection, ManualResetEventSlim done, Action<int> onProgress)
    {
        do
        {
            var percentage = NativeMethods.Startup.DuckDBQueryProgress(connection).Percentage;
            onProgress((int)(Math.Clamp(percentage, 0, 100) * 100));
        }
        while (!done.Wait(ProgressInterval));
    }
}
