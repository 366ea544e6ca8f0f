namespace CleanRoom.Node.Telemetry;

/// <summary>Where a node's lines go: all of them to standard error.</summary>
internal static class NodeLog
{
    public static void AddCleanRoomLog(this ILoggingBuilder logging, LogLevel level)
    {
        logging.ClearProviders()
            .AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace)
            .SetMinimumLevel(LogLevel.Warning)
            .AddFilter("CleanRoom", level)
            .AddFilter("Orleans.Runtime", LogLevel.Error);
        if (level > LogLevel.Warning)
        {
            logging.SetMinimumLevel(level);
        }
    }
}
